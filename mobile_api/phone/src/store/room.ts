/** The phone's storage: asked to be kept, watched, and freed of what the server has before anything typed is lost. */
import { changed } from './channel'
import { type VisitRow, database, isStorageFull } from './db'
import { seal, unseal } from './vault'
import type { StoredVisit } from '../types'

/** Below this a picture is refused: what is left belongs to the visits. */
const RESERVE = 15_000_000

export interface Room {
  usage: number
  quota: number
  /** The browser promised not to clear this database when space runs short; null where it cannot say. */
  persisted: boolean | null
}

/** What the browser says of our storage; null where it says nothing. */
export async function room(): Promise<Room | null> {
  try {
    const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {}
    if (!quota) return null
    return { usage: usage ?? 0, quota, persisted: (await navigator.storage.persisted?.()) ?? null }
  } catch {
    return null
  }
}

export function isTight(told: Room | null): boolean {
  return told !== null && told.quota - told.usage < RESERVE
}

/** Asks the browser not to clear this database when space runs short; it may say no, and is asked again another day. */
export async function askToKeep(): Promise<void> {
  try {
    if (await navigator.storage?.persisted?.()) return
    await navigator.storage?.persist?.()
  } catch {
    // An old browser: nothing to ask.
  }
}

const BALLAST = 'ballast'
const BALLAST_BYTES = 1_000_000

/**
 * Room held back for words. A browser need not say how much there is, and many do not: then the first that fails is a
 * picture, and what a person typed still finds the room the ballast gives free.
 */
export async function keepBallast(): Promise<void> {
  const db = await database()
  if ((await db.count('pictures', BALLAST)) > 0 || isTight(await room())) return
  // Not all alike, or the browser would pack it to nothing.
  const bytes = new Uint8Array(BALLAST_BYTES)
  for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  try {
    await db.put('pictures', { clear: bytes.buffer }, BALLAST)
  } catch (error) {
    if (!isStorageFull(error)) throw error
  }
}

async function dropBallast(): Promise<boolean> {
  const db = await database()
  if ((await db.count('pictures', BALLAST)) === 0) return false
  await db.delete('pictures', BALLAST)
  return true
}

/** Writes what a person typed. When storage is full, ballast and what the server has give way, and it is tried once more. */
export async function withRoom<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!isStorageFull(error)) throw error
    const any = [await dropBallast(), await makeRoom()].some(Boolean)
    if (!any) throw error
    return write()
  }
}

/** Makes room for a picture of `size` bytes, or raises QuotaExceededError as the database itself would later. */
export async function roomForPhoto(size: number): Promise<void> {
  const told = await room()
  if (!told || told.quota - told.usage - size >= RESERVE) return
  await makeRoom()
  const after = await room()
  if (after && after.quota - after.usage - size < RESERVE) {
    throw new DOMException('no room for a picture', 'QuotaExceededError')
  }
}

/**
 * Gives back what the server holds, oldest first: pictures of sent visits should any be left, then their answers.
 * Answers whether anything went.
 */
export async function makeRoom(): Promise<boolean> {
  const db = await database()
  const sent = (await db.getAllFromIndex('visits', 'order')).filter((row) => row.state === 'sent' || row.state === 'corrected')
  let any = false
  for (const photo of await db.getAllFromIndex('photos', 'state', 'sent')) {
    if ((await db.count('pictures', photo.id)) === 0) continue
    await db.delete('pictures', photo.id)
    any = true
  }
  for (const row of sent) any = (await forgetAnswers(row)) || any
  if (any) changed()
  return any
}

/** A visit stays with its key, for a correction names it; what was answered goes. Answers whether there was any. */
export async function forgetAnswers(row: VisitRow): Promise<boolean> {
  try {
    const kept = await unseal<Pick<StoredVisit, 'body' | 'target' | 'result'>>(row.enrolment, row.box)
    if (!Object.keys(kept.body.answers).length && !Object.keys(kept.target.prefill).length) return false
    const body = { ...kept.body, answers: {}, position: null }
    const target = { ...kept.target, prefill: {}, returned: null }
    const box = await seal(row.enrolment, { body, target, result: kept.result })
    const tx = (await database()).transaction('visits', 'readwrite')
    const now = await tx.store.get(row.client_id)
    if (now?.rev === row.rev) await tx.store.put({ ...row, rev: row.rev + 1, box })
    await tx.done
    return now?.rev === row.rev
  } catch {
    // Locked or no room even for this: what is there stays.
    return false
  }
}
