/** What is being typed. Written while typing, one field at a time, so that a killed app loses nothing. */
import type { Draft, Outcome, Target, Value } from '../types'
import { changed } from './channel'
import { type DraftRow, beforeLeaving, database, fact, onClose } from './db'
import { ownIds } from './enrolments'
import { withRoom } from './room'
import { seal, unseal } from './vault'

export function draftKey(target: Target, unlisted = ''): string {
  return target.task_id === null ? `new:${unlisted}` : `task:${target.task_id}`
}

/** The row of whoever holds the phone; another person's draft of the same door is not theirs to see. */
async function rowOf(key: string): Promise<DraftRow | undefined> {
  const db = await database()
  for (const id of await ownIds()) {
    const row = await db.get('drafts', [id, key])
    if (row) return row
  }
  return undefined
}

const opened = (row: DraftRow): Promise<Draft> => unseal<Draft>(row.enrolment, row.box)

export async function draftOf(key: string): Promise<Draft | undefined> {
  const row = await rowOf(key)
  return row && opened(row)
}

export async function allDrafts(known?: string[]): Promise<Draft[]> {
  const own = known ?? (await ownIds())
  const rows = (await (await database()).getAll('drafts')).filter((row) => own.includes(row.enrolment))
  return Promise.all(rows.map(opened))
}

export interface DraftChange {
  outcome?: Outcome
  values?: Record<string, Value>
  confirmed?: string[]
}

interface Pending {
  target: Target
  change: DraftChange
  written: Promise<void>
}

const running = new Map<string, Promise<void>>()
const pending = new Map<string, Pending>()
onClose(() => {
  running.clear()
  pending.clear()
})
beforeLeaving(async () => {
  for (const key of new Set([...pending.keys(), ...running.keys()])) await settledDraft(key)
})

function joinedChange(a: DraftChange, b: DraftChange): DraftChange {
  const confirmed = [...(a.confirmed ?? []), ...(b.confirmed ?? [])]
  return { outcome: b.outcome ?? a.outcome, values: { ...a.values, ...b.values }, confirmed }
}

/**
 * Merges a change into the draft: two tabs that fill different questions both keep their answers. Sealing takes a
 * moment, so changes of one tab go one after the other, and what was typed meanwhile goes together.
 */
export function changeDraft(key: string, target: Target, change: DraftChange): Promise<void> {
  const waits = pending.get(key)
  if (waits) {
    waits.change = joinedChange(waits.change, change)
    waits.target = target
    return waits.written
  }
  const before = running.get(key) ?? Promise.resolve()
  const written = before.catch(() => undefined).then(() => {
    const now = pending.get(key)
    pending.delete(key)
    const work = now ? withRoom(() => write(key, now.target, now.change)) : Promise.resolve()
    const done = work.finally(() => running.get(key) === done && running.delete(key))
    running.set(key, done)
    return done
  })
  pending.set(key, { target, change, written })
  return written
}

/** Waits until everything typed into this draft is written, so that nothing comes after its end. */
export async function settledDraft(key: string): Promise<void> {
  const last = pending.get(key)?.written ?? running.get(key)
  await last?.catch(() => undefined)
}

async function write(key: string, target: Target, change: DraftChange): Promise<void> {
  const enrolment = (await fact<string>('current')) ?? ''
  for (;;) {
    const row = await rowOf(key)
    const before = row && (await opened(row))
    const touched_at = new Date().toISOString()
    const draft: Draft = {
      key,
      target,
      outcome: change.outcome ?? before?.outcome ?? 'done',
      values: { ...before?.values, ...change.values },
      confirmed: [...new Set([...(before?.confirmed ?? []), ...(change.confirmed ?? [])])],
      touched_at,
    }
    const box = await seal(enrolment, draft)
    const tx = (await database()).transaction('drafts', 'readwrite')
    const now = await tx.store.get([row?.enrolment ?? enrolment, key])
    const isUntouched = now?.rev === row?.rev
    if (isUntouched) {
      if (row && row.enrolment !== enrolment) await tx.store.delete([row.enrolment, key])
      await tx.store.put({ enrolment, key, touched_at, rev: (row?.rev ?? 0) + 1, box })
    }
    await tx.done
    if (isUntouched) return
  }
}

/** Throws a draft away with its pictures; only ever on the person's word. */
export async function dropDraft(key: string): Promise<void> {
  await settledDraft(key)
  const own = await ownIds()
  const tx = (await database()).transaction(['drafts', 'photos', 'pictures'], 'readwrite')
  for (const id of own) await tx.objectStore('drafts').delete([id, key])
  for (const photo of await tx.objectStore('photos').index('owner').getAll(key)) {
    if (!own.includes(photo.enrolment)) continue
    await tx.objectStore('photos').delete(photo.id)
    await tx.objectStore('pictures').delete(photo.id)
  }
  await tx.done
  changed()
}
