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

/** The characters of our printed codes: none that look alike. Twenty-nine, a prime, makes the check catch every slip. */
const ALPHABET = '2346789ABCDEFGHJKLMNPQRTUVWXY'

/** As typed by a person, made as printed: half width, upper case, without blanks and hyphens. */
export function asPrinted(text: string): string {
  return text.normalize('NFKC').replace(/[\s\-\u2010-\u2015]/g, '').toUpperCase()
}

/** Whether the last character fits the rest: weighted from the right by 1, 2, 3 … the sum is nought modulo 29. */
export function isWellFormed(code: string): boolean {
  const values = [...code].map((char) => ALPHABET.indexOf(char))
  if (values.length < 2 || values.includes(-1)) return false
  const sum = values.reverse().reduce((total, value, at) => total + value * (at + 1), 0)
  return sum % ALPHABET.length === 0
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
