/** The phone's own database. Nothing here is read from the network, so it opens without one. */
import { type DBSchema, type IDBPDatabase, deleteDB, openDB } from 'idb'
import type { Draft, Enrolment, Form, Grid, StoredDoor, StoredPhoto, StoredSuggestion, StoredVisit } from '../types'

export interface Schema extends DBSchema {
  facts: { key: string; value: unknown }
  enrolments: { key: string; value: Enrolment }
  doors: { key: number; value: StoredDoor }
  forms: { key: string; value: Form }
  grids: { key: string; value: Grid }
  drafts: { key: string; value: Draft }
  visits: { key: string; value: StoredVisit; indexes: { state: string; order: number } }
  photos: { key: string; value: StoredPhoto; indexes: { owner: string; state: string } }
  /** The bytes of a photo, apart, so that lists and progress never load or rewrite them. */
  pictures: { key: string; value: ArrayBuffer }
  suggestions: { key: string; value: StoredSuggestion }
}

export type Database = IDBPDatabase<Schema>

/** The one database whose visits are handed in. Any other is for practice and never reaches a server. */
export const WORK = 'grid-canvass'
const VERSION = 2

let name = WORK
let opened: Promise<Database> | null = null
const forgetters = new Set<() => void>()

/** Whatever is remembered of a database outside it must be forgotten with it. */
export function onClose(forget: () => void): void {
  forgetters.add(forget)
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
  await closeDatabase()
  name = wanted
}

/** Removes a practice database with all that is in it. */
export async function dropDatabase(practice: string): Promise<void> {
  if (practice === WORK) throw new Error('the work database is never dropped')
  if (practice === name) await useDatabase(WORK)
  await deleteDB(practice)
}

function create(db: Database): void {
  db.createObjectStore('facts')
  db.createObjectStore('enrolments', { keyPath: 'id' })
  db.createObjectStore('doors', { keyPath: 'task_id' })
  db.createObjectStore('forms', { keyPath: 'code' })
  db.createObjectStore('grids', { keyPath: 'code' })
  db.createObjectStore('drafts', { keyPath: 'key' })
  const visits = db.createObjectStore('visits', { keyPath: 'client_id' })
  visits.createIndex('state', 'state')
  visits.createIndex('order', 'order')
  const photos = db.createObjectStore('photos', { keyPath: 'id' })
  photos.createIndex('owner', 'owner')
  photos.createIndex('state', 'state')
  db.createObjectStore('pictures')
}

function upgrade(db: Database, from: number): void {
  if (from < 1) create(db)
  if (from < 2) db.createObjectStore('suggestions', { keyPath: 'client_id' })
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

export async function fact<T>(key: string): Promise<T | undefined> {
  return (await (await database()).get('facts', key)) as T | undefined
}

export async function setFact(key: string, value: unknown): Promise<void> {
  await (await database()).put('facts', value, key)
}

export function isStorageFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}
