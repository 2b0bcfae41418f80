/**
 * What counts as a refusal: a problem document under a code that our server may answer at that very address. The list
 * is written from the server's own published document (tests/contract/test_phone_refusals.py); what each code means
 * for what was sent is said here, and a code without a meaning does not compile.
 */
import known from './refusals.json'

type Refusals = typeof known.refusals
type CodesOf<Address extends keyof Refusals> = Address extends unknown ? keyof Refusals[Address] : never
export type Code = CodesOf<keyof Refusals>

/** `final`: as it is, it will never be taken. `later`: the very same thing may be taken later. `phone`: about the token. */
export type Meaning = 'final' | 'later' | 'phone'

export const MEANINGS: Record<Code, Meaning> = {
  'device-unknown': 'phone',
  'device-revoked': 'phone',
  'device-closed': 'phone',
  busy: 'later',
  'database-away': 'later',
  'schema-behind': 'later',
  'server-fault': 'later',
  'too-many-requests': 'later',
  'no-room': 'later',
  'photo-allowance': 'later',
  // The server stands elsewhere, or has forgotten the upload: it is asked again where it stands.
  'upload-offset': 'later',
  'not-here': 'later',
  'malformed-request': 'final',
  'request-too-large': 'final',
  'tus-version': 'final',
  'upload-type': 'final',
  'upload-overrun': 'final',
  'upload-too-large': 'final',
  'photo-hash-wrong': 'final',
  'enrolment-unknown': 'final',
  'enrolment-used': 'final',
  'enrolment-expired': 'final',
  'mistyped-code': 'final',
  'foreign-code': 'final',
}

const refusals: Record<string, Record<string, number> | undefined> = known.refusals
const items: Record<string, string[] | undefined> = known.items

/** `POST visits`: an address counts by its first word below /api/v1/. */
export function addressOf(method: string, path: string): string {
  return `${method} ${path.replace(/^\/api\/v1\//, '').split(/[/?]/)[0]}`
}

/** The code as ours, if it is one of that address under that status. */
export function codeAt(address: string, status: number, code: unknown): Code | null {
  return typeof code === 'string' && refusals[address]?.[code] === status ? (code as Code) : null
}

/** Whether one item of a batch may be refused under this code in a good answer. */
export function isItemCode(address: string, code: string): boolean {
  return items[address]?.includes(code) ?? false
}

/** Whether something sent there may stand refused for ever under this code, by itself or as an item. */
export function mayStandRefused(address: string, code: string): boolean {
  const isFinal = code in (refusals[address] ?? {}) && MEANINGS[code as Code] === 'final'
  return isFinal || isItemCode(address, code)
}
