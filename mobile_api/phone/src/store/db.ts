/** The phone's own database. Nothing here is read from the network, so it opens without one. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
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

const NAME = 'grid-canvass'
const VERSION = 2

let opened: Promise<Database> | null = null

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
  opened ??= openDB<Schema>(NAME, VERSION, {
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
