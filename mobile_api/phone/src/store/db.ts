/** The phone's own database. Nothing here is read from the network, so it opens without one. */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames, deleteDB, openDB } from 'idb'
import type { Draft, Enrolment, Form, Grid, Held, StoredDoor, StoredPhoto, StoredSuggestion, StoredVisit, VisitState } from '../types'

/** Sealed under an enrolment's data key; clear only until a browser that can seal gets hold of it (vault.ts). */
export type Box = { iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer } | { clear: unknown }

/** `rev` grows with every change: what was read and sealed outside a transaction is only written over what was read. */
export interface VisitRow {
  client_id: string
  enrolment: string
  order: number
  state: VisitState
  task_id: number | null
  hold_until: number
  sent_at: string | null
  held?: Held
  rev: number
  box: Box
}

export interface DraftRow {
  enrolment: string
  key: string
  touched_at: string
  rev: number
  box: Box
}

export interface PhotoRow extends StoredPhoto {
  enrolment: string
}

export interface BlockRow {
  id: number
  enrolment: string
  rev: number
  ids: number[]
  box: Box
}

export interface SuggestionRow {
  client_id: string
  enrolment: string
  state: StoredSuggestion['state']
  rev: number
  box: Box
}

export interface KeyRow {
  enrolment: string
  salt: Uint8Array<ArrayBuffer>
  wrapped: Box
  pin: { salt: Uint8Array<ArrayBuffer>; iterations: number; token: Box; wrong: number; wait_until: number } | null
}

export interface Schema extends DBSchema {
  facts: { key: string; value: unknown }
  enrolments: { key: string; value: Enrolment }
  keys: { key: string; value: KeyRow }
  forms: { key: string; value: Form }
  grids: { key: string; value: Grid }
  /** Doors, some dozens to a block: one call unseals a block, and a thousand doors must be there in a moment. */
  blocks: { key: number; value: BlockRow }
  /** The visit that stands at a door since the server last spoke of it. */
  marks: { key: number; value: { task_id: number; client_id: string } }
  drafts: { key: [string, string]; value: DraftRow }
  visits: { key: string; value: VisitRow; indexes: { state: string; order: number } }
  photos: { key: string; value: PhotoRow; indexes: { owner: string; state: string } }
  /** The bytes of a photo, apart, so that lists and progress never load or rewrite them. */
  pictures: { key: string; value: Box }
  suggestions: { key: string; value: SuggestionRow }
}

export type Database = IDBPDatabase<Schema>

/** The one database whose visits are handed in. Any other is for practice and never reaches a server. */
export const WORK = 'grid-canvass'
const VERSION = 2
/** Doors in a block: few calls to read all, little to write anew when one of them changes. */
export const BLOCK = 64

let name = WORK
let opened: Promise<Database> | null = null
const forgetters = new Set<() => void>()
const settlers = new Set<() => Promise<void>>()

/** Whatever is remembered of a database outside it must be forgotten with it. */
export function onClose(forget: () => void): void {
  forgetters.add(forget)
}

/** Whatever is on its way into a database must be in it before another is used. */
export function beforeLeaving(settle: () => Promise<void>): void {
  settlers.add(settle)
}

/** Which database the store works on now. */
export function databaseName(): string {
  return name
}

export function isPractice(): boolean {
  return name !== WORK
}

/**
 * Works on another database from now on, `WORK` or one for practice. Sending and fetching stand still in practice:
 * see `call` in sync/client.ts. Whoever calls this draws the screens anew (`load` in state.ts).
 */
export async function useDatabase(wanted: string): Promise<void> {
  if (wanted === name) return
  await Promise.all([...settlers].map((settle) => settle()))
  await closeDatabase()
  name = wanted
}

/** Removes a practice database with all that is in it. */
export async function dropDatabase(practice: string): Promise<void> {
  if (practice === WORK) throw new Error('the work database is never dropped')
  if (practice === name) await useDatabase(WORK)
  await deleteDB(practice)
}

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>

function createStores(db: Database): void {
  db.createObjectStore('facts')
  db.createObjectStore('enrolments', { keyPath: 'id' })
  db.createObjectStore('forms', { keyPath: 'code' })
  db.createObjectStore('grids', { keyPath: 'code' })
  const visits = db.createObjectStore('visits', { keyPath: 'client_id' })
  visits.createIndex('state', 'state')
  visits.createIndex('order', 'order')
  const photos = db.createObjectStore('photos', { keyPath: 'id' })
  photos.createIndex('owner', 'owner')
  photos.createIndex('state', 'state')
  db.createObjectStore('pictures')
}

function createSealedStores(db: Database): void {
  db.createObjectStore('keys', { keyPath: 'enrolment' })
  db.createObjectStore('blocks', { keyPath: 'id' })
  db.createObjectStore('marks', { keyPath: 'task_id' })
  db.createObjectStore('drafts', { keyPath: ['enrolment', 'key'] })
  db.createObjectStore('suggestions', { keyPath: 'client_id' })
}

/** Version 1 kept everything clear, a record each: the same rows in clear boxes, which the vault then seals. */
async function carryOver(db: Database, tx: Upgrade): Promise<void> {
  const old = tx as unknown as IDBPTransaction<unknown, string[], 'versionchange'>
  const doors = (await old.objectStore('doors').getAll()) as StoredDoor[]
  const drafts = (await old.objectStore('drafts').getAll()) as Draft[]
  ;(db as unknown as IDBPDatabase).deleteObjectStore('doors')
  db.deleteObjectStore('drafts')
  createSealedStores(db)
  const current = ((await tx.objectStore('facts').get('current')) as string | undefined) ?? ''
  for (const draft of drafts) {
    const { key, touched_at } = draft
    await tx.objectStore('drafts').put({ enrolment: current, key, touched_at, rev: 1, box: { clear: draft } })
  }
  for (let at = 0; at < doors.length; at += BLOCK) {
    const some = doors.slice(at, at + BLOCK).map(({ mark: _mark, ...door }) => door)
    const ids = some.map((door) => door.task_id)
    await tx.objectStore('blocks').put({ id: at / BLOCK, enrolment: current, rev: 1, ids, box: { clear: some } })
  }
  for (const { task_id, mark } of doors) {
    if (mark) await tx.objectStore('marks').put({ task_id, client_id: mark.client_id })
  }
  await carryVisits(tx, current)
}

async function carryVisits(tx: Upgrade, current: string): Promise<void> {
  const enrolments = new Map<string, string>()
  for (const visit of (await tx.objectStore('visits').getAll()) as unknown as StoredVisit[]) {
    const { body, target, result, ...open } = visit
    enrolments.set(visit.client_id, visit.enrolment)
    const box = { clear: { body, target, result } }
    await tx.objectStore('visits').put({ ...open, task_id: body.task_id, rev: 1, box })
  }
  for (const photo of await tx.objectStore('photos').getAll()) {
    await tx.objectStore('photos').put({ ...photo, enrolment: enrolments.get(photo.owner) ?? current })
  }
  // One at a time: a week's pictures together may be more than a cheap phone has room for.
  for (let at = await tx.objectStore('pictures').openCursor(); at; at = await at.continue()) {
    await at.update({ clear: at.value })
  }
}

async function upgrade(db: Database, from: number, _to: number | null, tx: Upgrade): Promise<void> {
  if (from < 1) {
    createStores(db)
    createSealedStores(db)
  } else await carryOver(db, tx)
}

/** The open database. A newer app in another tab may close it; the next call opens it again. */
export function database(): Promise<Database> {
  opened ??= openDB<Schema>(name, VERSION, {
    upgrade,
    blocking: (_current, _blocked, event) => {
      ;(event.target as IDBDatabase).close()
      opened = null
    },
    terminated: () => {
      opened = null
    },
  }).catch((error: unknown) => {
    opened = null
    throw error
  })
  return opened
}

/** Forgets the open connection; the tests start each case on a fresh database. */
export async function closeDatabase(): Promise<void> {
  const current = opened
  opened = null
  forgetters.forEach((forget) => forget())
  if (current) (await current).close()
}

/** What the person saved must survive a flat battery, so the browser is asked to write through. */
export const DURABLE = { durability: 'strict' } as const

let asked: { keys: string[]; told: Promise<Map<string, unknown>> } | null = null

/** Facts asked for in one breath are read in one transaction: each costs a slow phone as much as what it brings. */
export async function fact<T>(key: string): Promise<T | undefined> {
  if (!asked) {
    const keys: string[] = []
    asked = { keys, told: Promise.resolve().then(() => readFacts(keys)) }
  }
  asked.keys.push(key)
  return (await asked.told).get(key) as T | undefined
}

async function readFacts(keys: string[]): Promise<Map<string, unknown>> {
  const wanted = database()
  asked = null
  const store = (await wanted).transaction('facts').store
  return new Map(await Promise.all(keys.map(async (key): Promise<[string, unknown]> => [key, await store.get(key)])))
}

export async function setFact(key: string, value: unknown): Promise<void> {
  await (await database()).put('facts', value, key)
}

/**
 * Names under which browsers report that there is no room: the quota's own, and what Chromium says when the disk
 * itself is full (a file that cannot be written, a transaction that cannot be ended). What we write is otherwise valid.
 */
const NO_ROOM = ['QuotaExceededError', 'DataError', 'UnknownError', 'AbortError']

export function isStorageFull(error: unknown): boolean {
  return error instanceof DOMException && NO_ROOM.includes(error.name)
}
