/**
 * Who this phone works for. Older enrolments stay while they hold something not handed in: what was recorded under
 * a token is handed in under it. What another person recorded is sent, never shown; when all of it is in, it goes.
 */
import type { IDBPTransaction } from 'idb'
import { newId } from '../ids'
import type { Enrolment } from '../types'
import { forgetLooseDoors } from './blocks'
import { changed } from './channel'
import { forgetPool } from './pool'
import { DURABLE, type Schema, database, fact } from './db'
import { forgetKey, isLocked, tokenOf } from './vault'

const STORES = ['enrolments', 'facts', 'blocks', 'marks', 'grids'] as const

const withToken = (enrolment: Enrolment): Enrolment => ({ ...enrolment, token: tokenOf(enrolment.id, enrolment.token) })

export async function currentEnrolment(): Promise<Enrolment | null> {
  const id = await fact<string>('current')
  return (id && (await enrolmentOf(id))) || null
}

/** `token` is '' while the PIN it is sealed under has not been given. */
export async function enrolmentOf(id: string): Promise<Enrolment | undefined> {
  const enrolment = await (await database()).get('enrolments', id)
  return enrolment && withToken(enrolment)
}

function postingsOf({ posting, postings = [] }: Enrolment): number[] {
  return [posting, ...postings].map(({ id }) => id)
}

/** The same name, and a posting in common: a person may have been enrolled for one, and anew for another. */
function isSamePerson(a: Enrolment, b: Enrolment): boolean {
  const held = postingsOf(b)
  return a.person.name === b.person.name && postingsOf(a).some((id) => held.includes(id))
}

/** The enrolments of whoever holds the phone now, the current one first: one person may have enrolled anew. */
export async function ownIds(): Promise<string[]> {
  const db = await database()
  const current = await fact<string>('current')
  if (!current) return ['']
  const all = await db.getAll('enrolments')
  const mine = all.find((enrolment) => enrolment.id === current)
  const earlier = mine ? all.filter((enrolment) => enrolment.id !== current && isSamePerson(enrolment, mine)) : []
  const open = []
  for (const { id } of earlier) if (!(await isLocked(id))) open.push(id)
  return [current, ...open]
}

/**
 * Makes `enrolment` the current one; doors and cursor of the one before are not its business. The same person's own
 * data under a PIN that was not given can never be read again, and goes: the unlock screen said so.
 */
export async function adoptEnrolment(enrolment: Enrolment): Promise<void> {
  forgetKey(enrolment.id)
  const before = await (await database()).getAll('enrolments')
  const lost = []
  for (const earlier of before) {
    if (earlier.id !== enrolment.id && isSamePerson(earlier, enrolment) && (await isLocked(earlier.id))) lost.push(earlier.id)
  }
  const tx = (await database()).transaction(STORES, 'readwrite', DURABLE)
  await tx.objectStore('enrolments').put(enrolment)
  await tx.objectStore('facts').put(enrolment.id, 'current')
  await forgetDoors(tx)
  await tx.done
  for (const id of lost) await wipe(id, true)
}

async function forgetDoors(tx: IDBPTransaction<Schema, typeof STORES, 'readwrite'>): Promise<void> {
  for (const key of ['cursor', 'etag', 'pool', 'pool_at']) await tx.objectStore('facts').delete(key)
  await tx.objectStore('facts').put(newId(), 'blocks_rev')
  await tx.objectStore('blocks').clear()
  await tx.objectStore('marks').clear()
  await tx.objectStore('grids').clear()
  forgetLooseDoors()
  forgetPool()
}

/** A revoked phone keeps its drafts and its outbox and forgets the doors it may no longer see. */
export async function markEnrolment(id: string, state: Enrolment['state']): Promise<void> {
  const tx = (await database()).transaction(STORES, 'readwrite', DURABLE)
  const enrolment = await tx.objectStore('enrolments').get(id)
  if (enrolment) await tx.objectStore('enrolments').put({ ...enrolment, state })
  if (state === 'revoked' && (await tx.objectStore('facts').get('current')) === id) await forgetDoors(tx)
  await tx.done
}

/** Half-typed visits of somebody who gave the phone away are kept this long for their return. */
const DRAFTS_KEPT_MS = 30 * 86_400_000

const UNSENT = ['waiting', 'refused']

/** How much of each enrolment is not handed in: visits, pictures, suggestions, drafts. Needs no key. */
export async function unsentCounts(now: number = Date.now()): Promise<Map<string, number>> {
  const db = await database()
  const counts = new Map<string, number>()
  const count = (id: string): void => void counts.set(id, (counts.get(id) ?? 0) + 1)
  const states = new Map<string, string>()
  for (const visit of await db.getAll('visits')) {
    states.set(visit.client_id, visit.state)
    if (UNSENT.includes(visit.state)) count(visit.enrolment)
  }
  for (const photo of await db.getAll('photos')) {
    const belongs = photo.state === 'kept' || states.get(photo.owner) === 'sent'
    if (belongs && photo.state !== 'sent') count(photo.enrolment)
  }
  for (const suggestion of await db.getAll('suggestions')) if (UNSENT.includes(suggestion.state)) count(suggestion.enrolment)
  for (const { enrolment, touched_at } of await db.getAll('drafts')) {
    if (now - Date.parse(touched_at) < DRAFTS_KEPT_MS) count(enrolment)
  }
  return counts
}

/** What others who used this phone still have on it; the number alone is shown. */
export async function othersUnsent(): Promise<{ id: string; name: string; count: number; locked: boolean }[]> {
  const own = await ownIds()
  const all = (await (await database()).getAll('enrolments')).filter((enrolment) => !own.includes(enrolment.id))
  if (!all.length) return []
  const counts = await unsentCounts()
  const others = all.filter((enrolment) => counts.has(enrolment.id))
  return Promise.all(
    others.map(async ({ id, person }) => ({ id, name: person.name, count: counts.get(id) ?? 0, locked: await isLocked(id) })),
  )
}

/**
 * After everything was handed in, an enrolment that is over leaves nothing behind: a revoked one, and one before the
 * current that belonged to somebody else. Never before. Answers whether anything went.
 */
export async function wipeFinished(now: number = Date.now()): Promise<boolean> {
  const db = await database()
  const current = (await fact<string>('current')) ?? ''
  const own = await ownIds()
  const isOver = ({ id, state }: Enrolment): boolean => state === 'revoked' || !own.includes(id)
  const over = (await db.getAll('enrolments')).filter(isOver)
  if (!over.length) return false
  const counts = await unsentCounts(now)
  let any = false
  for (const { id } of over) {
    if (!counts.has(id)) any = (await wipe(id, id !== current)) || any
  }
  if (any) changed()
  return any
}

/**
 * Removes what an enrolment left on the phone, with its key; its own row too when `whole`. Answers whether anything went.
 * Whose phone this is, is asked again here: whoever enrolled since `whole` was decided would lose the phone they just got.
 */
async function wipe(id: string, whole: boolean): Promise<boolean> {
  const stores = ['visits', 'drafts', 'photos', 'pictures', 'suggestions', 'enrolments', 'keys', 'facts'] as const
  const tx = (await database()).transaction(stores, 'readwrite', DURABLE)
  if (whole && (await tx.objectStore('facts').get('current')) === id) {
    await tx.done
    return false
  }
  let any = whole
  for (const name of ['visits', 'drafts', 'photos', 'suggestions'] as const) {
    const store = tx.objectStore(name)
    for (let at = await store.openCursor(); at; at = await at.continue()) {
      if (at.value.enrolment !== id) continue
      if (name === 'photos') await tx.objectStore('pictures').delete(at.primaryKey as string)
      await at.delete()
      any = true
    }
  }
  if (whole) {
    await tx.objectStore('enrolments').delete(id)
    await tx.objectStore('keys').delete(id)
  }
  await tx.done
  if (whole) forgetKey(id)
  return any
}
