/** What is being typed. Written while typing, one field at a time, so that a killed app loses nothing. */
import type { Draft, Outcome, Target, Value } from '../types'
import { changed } from './channel'
import { database } from './db'

export function draftKey(target: Target, unlisted = ''): string {
  return target.task_id === null ? `new:${unlisted}` : `task:${target.task_id}`
}

export async function draftOf(key: string): Promise<Draft | undefined> {
  return (await database()).get('drafts', key)
}

export async function allDrafts(): Promise<Draft[]> {
  return (await database()).getAll('drafts')
}

export interface DraftChange {
  outcome?: Outcome
  values?: Record<string, Value>
  confirmed?: string[]
}

/** Merges a change into the draft: two tabs that fill different questions both keep their answers. */
export async function changeDraft(key: string, target: Target, change: DraftChange): Promise<void> {
  const tx = (await database()).transaction('drafts', 'readwrite')
  const before = await tx.store.get(key)
  await tx.store.put({
    key,
    target,
    outcome: change.outcome ?? before?.outcome ?? 'done',
    values: { ...before?.values, ...change.values },
    confirmed: [...new Set([...(before?.confirmed ?? []), ...(change.confirmed ?? [])])],
    touched_at: new Date().toISOString(),
  })
  await tx.done
}

/** Throws a draft away with its pictures; only ever on the person's word. */
export async function dropDraft(key: string): Promise<void> {
  const tx = (await database()).transaction(['drafts', 'photos', 'pictures'], 'readwrite')
  await tx.objectStore('drafts').delete(key)
  for (const id of await tx.objectStore('photos').index('owner').getAllKeys(key)) {
    await tx.objectStore('photos').delete(id)
    await tx.objectStore('pictures').delete(id)
  }
  await tx.done
  changed()
}
