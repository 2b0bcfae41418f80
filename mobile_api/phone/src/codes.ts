/** What a scanned or typed text means. Only the server can check a signature; here the form is read. */

export type Code =
  | { kind: 'door'; premise: string; text: string }
  | { kind: 'enrol'; origin: string; code: string }
  | { kind: 'notice'; address: string; origin: string; code: string }
  | { kind: 'credit'; credit: string; text: string }
  | { kind: 'foreign'; what: Foreign; host: string; text: string }
  | { kind: 'unknown'; text: string }

/** What a code that is none of ours looks like, as far as a person can use it. */
export type Foreign = 'licence' | 'payment' | 'address' | 'broken-door' | 'broken-enrol'

function addressOf(text: string): URL | null {
  try {
    const url = new URL(text)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : null
  } catch {
    return null
  }
}

/** The characters of our printed codes: none that look alike. Twenty-nine, a prime, makes the check catch every slip. */
const ALPHABET = '2346789ABCDEFGHJKLMNPQRTUVWXY'

/** As typed by a person, made as printed: half width, upper case, without blanks and hyphens. */
export function asPrinted(text: string): string {
  return text.normalize('NFKC').replace(/[\s\-\u2010-\u2015\u2212]/g, '').toUpperCase()
}

/** Whether the last character fits the rest: weighted from the right by 1, 2, 3 … the sum is nought modulo 29. */
export function isWellFormed(code: string): boolean {
  const values = [...code].map((char) => ALPHABET.indexOf(char))
  if (values.length < 2 || values.includes(-1)) return false
  const sum = values.reverse().reduce((total, value, at) => total + value * (at + 1), 0)
  return sum % ALPHABET.length === 0
}

/** The characters of a 统一社会信用代码 (GB 32100-2015): no I, O, S, V, Z. */
const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const CREDIT_LENGTH = 18

/** The last character of a credit code for its first seventeen: weights are the powers of 3 modulo 31. */
export function creditCheck(seventeen: string): string {
  let weight = 1
  let sum = 0
  for (const char of seventeen) {
    sum += CREDIT_ALPHABET.indexOf(char) * weight
    weight = (weight * 3) % 31
  }
  return CREDIT_ALPHABET[(31 - (sum % 31)) % 31]
}

/** Eighteen characters: two for authority and kind, six digits of the place, nine of the unit, one that checks. */
const CREDIT_SHAPE = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/

export function isCreditCode(code: string): boolean {
  return CREDIT_SHAPE.test(code) && creditCheck(code.slice(0, CREDIT_LENGTH - 1)) === code[CREDIT_LENGTH - 1]
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * The credit code within a text: the QR of a business licence is an address of the national system, or a
 * few lines of text. A longer run of letters and digits, as a key in an address is, may hold one by chance:
 * only a run of exactly eighteen counts. '' when there is none, or more than one.
 */
export function creditIn(text: string): string {
  const runs = unescaped(text).normalize('NFKC').toUpperCase().match(/[0-9A-Z]+/g) ?? []
  const codes = new Set(runs.filter(isCreditCode))
  return codes.size === 1 ? [...codes][0] : ''
}

const REGISTER_HOSTS = /(^|\.)(gsxt\.gov\.cn|saic\.gov\.cn|samr\.gov\.cn)$/
const PAYMENT = /^(wxp|alipays?|weixin|upwapi):|^https?:\/\/(qr\.alipay\.com|payapp\.weixin\.qq\.com|qr\.95516\.com)\//i

function foreign(text: string): Code {
  const url = addressOf(text)
  const what = ((): Foreign | null => {
    if (PAYMENT.test(text)) return 'payment'
    if (/^GC1:/i.test(text)) return 'broken-door'
    if (/^GCE1:/i.test(text)) return 'broken-enrol'
    if (url && REGISTER_HOSTS.test(url.hostname)) return 'licence'
    return url ? 'address' : null
  })()
  return what ? { kind: 'foreign', what, host: url?.hostname ?? '', text } : { kind: 'unknown', text }
}

export function readCode(raw: string): Code {
  const text = raw.trim()
  const door = /^GC1:([^:]+):[^:]+$/.exec(text)
  if (door && isWellFormed(door[1])) return { kind: 'door', premise: door[1], text }
  const enrol = /^GCE1:([^|]+)\|(\S+)$/.exec(text)
  const server = enrol && addressOf(enrol[1])
  if (enrol && server) return { kind: 'enrol', origin: server.origin, code: enrol[2] }
  const notice = /^https?:\/\/[^/]+\/v\/([\w.~-]+)\/?$/.exec(text)
  if (notice) return { kind: 'notice', address: text, origin: new URL(text).origin, code: notice[1] }
  const credit = creditIn(text)
  if (credit && !PAYMENT.test(text)) return { kind: 'credit', credit, text }
  return foreign(text)
}
