/** What a scanned or typed text means. Only the server can check a signature; here the form is read. */

export type Code =
  | { kind: 'door'; premise: string; text: string }
  | { kind: 'enrol'; origin: string; code: string }
  | { kind: 'notice'; address: string; code: string }
  | { kind: 'unknown'; text: string }

function originOf(text: string): string {
  try {
    const url = new URL(text)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : ''
  } catch {
    return ''
  }
}

export function readCode(raw: string): Code {
  const text = raw.trim()
  const door = /^GC1:([^:]+):[^:]+$/.exec(text)
  if (door) return { kind: 'door', premise: door[1], text }
  const enrol = /^GCE1:([^|]+)\|(\S+)$/.exec(text)
  if (enrol && originOf(enrol[1])) return { kind: 'enrol', origin: originOf(enrol[1]), code: enrol[2] }
  const notice = /^https?:\/\/[^/]+\/v\/([\w.~-]+)\/?$/.exec(text)
  if (notice) return { kind: 'notice', address: text, code: notice[1] }
  return { kind: 'unknown', text }
}
