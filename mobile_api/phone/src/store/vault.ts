/**
 * What lies on the phone is sealed (docs/decisions/0009-what-lies-on-the-phone-is-sealed.md): every enrolment has a
 * data key of its own, AES-GCM with 256 bits, wrapped under a key made from the device token and, where one is set,
 * the PIN. With a PIN the token itself is sealed under it. The open key never leaves WebCrypto.
 */
import { type Box, DURABLE, type KeyRow, database } from './db'

/** The PIN of this enrolment has not been given yet. */
export class Locked extends Error {}

/** Not the right PIN. `wait` in milliseconds until the next try is heard. */
export class WrongPin extends Error {
  constructor(readonly wait: number) {
    super('wrong PIN')
  }
}

interface Session {
  key: CryptoKey
  token: string
}

const sessions = new Map<string, Session>()
const opening = new Map<string, Promise<CryptoKey>>()

const forgetters = new Set<() => void>()

/** What was unsealed and is remembered must be forgotten with the key. */
export function onLock(forget: () => void): void {
  forgetters.add(forget)
}

/** Forgets every open key and what they opened; what is sealed under a PIN asks for it again. */
export function lock(): void {
  sessions.clear()
  opening.clear()
  forgetters.forEach((forget) => forget())
}

export function forgetKey(enrolment: string): void {
  sessions.delete(enrolment)
  opening.delete(enrolment)
}

/** False on an insecure address: there the browser gives no WebCrypto. */
export function canSeal(): boolean {
  return typeof crypto !== 'undefined' && crypto.subtle !== undefined
}

type Bytes = Uint8Array<ArrayBuffer>

const bytesOf = (text: string): Bytes => new TextEncoder().encode(text)
const random = (size: number): Bytes => crypto.getRandomValues(new Uint8Array(size))

function joined(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** HKDF-SHA-256 of the token or the stretched PIN; `info` keeps keys for different ends apart. */
async function derived(material: Bytes, salt: Bytes, info: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveKey'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt, info: bytesOf(`grid-canvass ${info}`) }
  const usages: KeyUsage[] = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, usages)
}

export async function stretched(pin: string, salt: Bytes, iterations: number): Promise<Bytes> {
  const base = await crypto.subtle.importKey('raw', bytesOf(pin), 'PBKDF2', false, ['deriveBits'])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, 256))
}

async function encrypt(key: CryptoKey, bytes: BufferSource): Promise<Box> {
  const iv = random(12)
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes) }
}

async function decrypt(key: CryptoKey, box: Box): Promise<ArrayBuffer> {
  if ('clear' in box) throw new Error('a clear box where a sealed one belongs')
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv: box.iv }, key, box.data)
}

async function unwrapped(row: KeyRow, under: CryptoKey, extractable = false): Promise<CryptoKey> {
  const raw = await decrypt(under, row.wrapped)
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', extractable, ['encrypt', 'decrypt'])
}

const wrapping = (token: string, salt: Bytes): Promise<CryptoKey> => derived(bytesOf(token), salt, 'wrap')
const wrappingWithPin = (token: string, pin: Bytes, salt: Bytes): Promise<CryptoKey> =>
  derived(joined(pin, bytesOf(token)), salt, 'wrap with PIN')
const sealingToken = (pin: Bytes, salt: Bytes): Promise<CryptoKey> => derived(pin, salt, 'token')

/** Two tabs may make a key at once: the first one written counts. */
async function makeKey(enrolment: string, token: string): Promise<KeyRow> {
  const salt = random(32)
  const wrapped = await encrypt(await wrapping(token, salt), random(32))
  const tx = (await database()).transaction('keys', 'readwrite', DURABLE)
  const row = (await tx.store.get(enrolment)) ?? { enrolment, salt, wrapped, pin: null }
  await tx.store.put(row)
  await tx.done
  return row
}

async function openKey(enrolment: string): Promise<CryptoKey> {
  const db = await database()
  const [known, kept] = await Promise.all([db.get('keys', enrolment), db.get('enrolments', enrolment)])
  if (known?.pin) throw new Locked()
  const token = kept?.token ?? ''
  const row = known ?? (await makeKey(enrolment, token))
  const key = await unwrapped(row, await wrapping(token, row.salt))
  sessions.set(enrolment, { key, token })
  return key
}

async function keyOf(enrolment: string): Promise<CryptoKey> {
  const session = sessions.get(enrolment)
  if (session) return session.key
  let wanted = opening.get(enrolment)
  if (!wanted) {
    wanted = openKey(enrolment).finally(() => opening.delete(enrolment))
    opening.set(enrolment, wanted)
  }
  return wanted
}

/** The token, also when it lies sealed under a PIN that was given; '' while that is still to be given. */
export function tokenOf(enrolment: string, kept: string): string {
  return kept || (sessions.get(enrolment)?.token ?? '')
}

export async function isLocked(enrolment: string): Promise<boolean> {
  if (sessions.has(enrolment) || !canSeal()) return false
  return Boolean((await (await database()).get('keys', enrolment))?.pin)
}

// --- boxes ----------------------------------------------------------------------------------------------------

/**
 * Bytes for the database. Never inside a transaction: it would end while the browser seals. Where it cannot seal there
 * are none, for a picture's fingerprint takes the same WebCrypto.
 */
export async function sealBytes(enrolment: string, bytes: ArrayBuffer): Promise<Box> {
  return encrypt(await keyOf(enrolment), bytes)
}

export async function unsealBytes(enrolment: string, box: Box): Promise<ArrayBuffer> {
  return 'clear' in box ? (box.clear as ArrayBuffer) : decrypt(await keyOf(enrolment), box)
}

/** Plain JSON: what a screen hands over may be wrapped in proxies, which the database cannot copy. */
export async function seal(enrolment: string, value: unknown): Promise<Box> {
  const text = JSON.stringify(value)
  return canSeal() ? encrypt(await keyOf(enrolment), bytesOf(text)) : { clear: JSON.parse(text) as unknown }
}

export async function unseal<T>(enrolment: string, box: Box): Promise<T> {
  if ('clear' in box) return box.clear as T
  return JSON.parse(new TextDecoder().decode(await decrypt(await keyOf(enrolment), box))) as T
}

// --- the PIN --------------------------------------------------------------------------------------------------

export const FEWEST_ITERATIONS = 300_000
const MOST_ITERATIONS = 3_000_000
/** What stretching may take on this very phone; opening the app on it later takes as long. */
const STRETCH_MS = 400
const FREE_TRIES = 5
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 60 * 60_000

/** As many rounds as this phone does in `STRETCH_MS`, and never fewer than the least that is safe. */
export async function measuredIterations(): Promise<number> {
  const start = performance.now()
  await stretched('000000', random(16), 100_000)
  const took = Math.max(performance.now() - start, 1)
  const many = Math.round((STRETCH_MS / took) * 100) * 1000
  return Math.min(Math.max(many, FEWEST_ITERATIONS), MOST_ITERATIONS)
}

/** Five tries are free; then half a minute, doubled each time, up to an hour. */
export function waitAfterWrong(wrong: number): number {
  return wrong < FREE_TRIES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (wrong - FREE_TRIES), LONGEST_WAIT_MS)
}

interface Proof {
  row: KeyRow
  under: CryptoKey
  token: string
}

/** What opens the key: the PIN where one is set (its tries are counted), the token alone where none is. */
async function prove(enrolment: string, pin: string): Promise<Proof> {
  const db = await database()
  const row = await db.get('keys', enrolment)
  const kept = (await db.get('enrolments', enrolment))?.token ?? ''
  if (!row) {
    await keyOf(enrolment)
    return prove(enrolment, pin)
  }
  if (!row.pin) return { row, under: await wrapping(kept, row.salt), token: kept }
  const wait = await countTry(enrolment)
  if (wait > 0) throw new WrongPin(wait)
  const stretch = await stretched(pin, row.pin.salt, row.pin.iterations)
  const token = await openedToken(row.pin.token, await sealingToken(stretch, row.salt))
  if (token === null) throw new WrongPin(await pinWait(enrolment))
  await noteTries(enrolment, 0, 0)
  return { row, under: await wrappingWithPin(token, stretch, row.salt), token }
}

async function openedToken(box: Box, key: CryptoKey): Promise<string | null> {
  try {
    return new TextDecoder().decode(await decrypt(key, box))
  } catch {
    return null
  }
}

/** Counts a try before it is made, so that killing the app does not take it back; answers how long to wait instead. */
async function countTry(enrolment: string): Promise<number> {
  const tx = (await database()).transaction('keys', 'readwrite', DURABLE)
  const row = await tx.store.get(enrolment)
  const left = row?.pin ? row.pin.wait_until - Date.now() : 0
  // A wait longer than the longest was written under a wrong clock.
  const wait = left > LONGEST_WAIT_MS ? 0 : Math.max(left, 0)
  if (row?.pin && wait === 0) {
    const wrong = row.pin.wrong + 1
    await tx.store.put({ ...row, pin: { ...row.pin, wrong, wait_until: Date.now() + waitAfterWrong(wrong) } })
  }
  await tx.done
  return wait
}

async function noteTries(enrolment: string, wrong: number, waitUntil: number): Promise<void> {
  const tx = (await database()).transaction('keys', 'readwrite')
  const row = await tx.store.get(enrolment)
  if (row?.pin) await tx.store.put({ ...row, pin: { ...row.pin, wrong, wait_until: waitUntil } })
  await tx.done
}

/** Key and token change places together: a killed app finds either the old or the new. */
async function rewrap(row: KeyRow, token: string): Promise<void> {
  const tx = (await database()).transaction(['keys', 'enrolments'], 'readwrite', DURABLE)
  const enrolment = await tx.objectStore('enrolments').get(row.enrolment)
  if (enrolment) await tx.objectStore('enrolments').put({ ...enrolment, token: row.pin ? '' : token })
  await tx.objectStore('keys').put(row)
  await tx.done
}

/** Opens what is sealed under a PIN. Raises WrongPin. */
export async function unlock(enrolment: string, pin: string): Promise<void> {
  const { row, under, token } = await prove(enrolment, pin)
  sessions.set(enrolment, { key: await unwrapped(row, under), token })
}

export async function hasPin(enrolment: string): Promise<boolean> {
  return Boolean((await (await database()).get('keys', enrolment))?.pin)
}

/** Sets the PIN, or changes it when `before` is the one until now. Raises WrongPin. */
export async function setPin(enrolment: string, pin: string, before = ''): Promise<void> {
  const { row, under, token } = await prove(enrolment, before)
  const raw = await crypto.subtle.exportKey('raw', await unwrapped(row, under, true))
  const [salt, pinSalt, iterations] = [random(32), random(16), await measuredIterations()]
  const stretch = await stretched(pin, pinSalt, iterations)
  const wrapped = await encrypt(await wrappingWithPin(token, stretch, salt), raw)
  const sealedToken = await encrypt(await sealingToken(stretch, salt), bytesOf(token))
  await rewrap({ enrolment, salt, wrapped, pin: { salt: pinSalt, iterations, token: sealedToken, wrong: 0, wait_until: 0 } }, token)
  sessions.set(enrolment, { key: await unwrapped({ ...row }, under), token })
}

/** Takes the PIN away. Raises WrongPin. */
export async function removePin(enrolment: string, pin: string): Promise<void> {
  const { row, under, token } = await prove(enrolment, pin)
  const raw = await crypto.subtle.exportKey('raw', await unwrapped(row, under, true))
  const salt = random(32)
  await rewrap({ enrolment, salt, wrapped: await encrypt(await wrapping(token, salt), raw), pin: null }, token)
}

/** How long the unlock screen has to wait before it may try, in milliseconds. */
export async function pinWait(enrolment: string): Promise<number> {
  const row = await (await database()).get('keys', enrolment)
  const left = (row?.pin?.wait_until ?? 0) - Date.now()
  return left > LONGEST_WAIT_MS ? 0 : Math.max(left, 0)
}
