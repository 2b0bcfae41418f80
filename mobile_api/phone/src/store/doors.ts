/** The doors this phone may see, as the server last told them. */
import type { Changes, Door, Form, LocalMark, StoredDoor, StoredVisit, Target } from '../types'
import { daysBetween } from '../days'
import { database, fact } from './db'

export async function allDoors(): Promise<StoredDoor[]> {
  return (await database()).getAll('doors')
}

export async function doorOf(taskId: number): Promise<StoredDoor | undefined> {
  return (await database()).get('doors', taskId)
}

export async function formOf(code: string): Promise<Form | undefined> {
  return (await database()).get('forms', code)
}

export async function formVersions(): Promise<string[]> {
  return (await (await database()).getAll('forms')).map((form) => `${form.code}:${form.version}`)
}

export async function cursor(): Promise<string | number> {
  return (await fact<string | number>('cursor')) ?? 0
}

/** The marks that stand whatever the server says of a door: visits it has not taken yet. */
function openMarks(visits: StoredVisit[]): Map<number, LocalMark> {
  const marks = new Map<number, LocalMark>()
  for (const { client_id, state, body } of visits) {
    if ((state !== 'waiting' && state !== 'refused') || body.task_id === null) continue
    marks.set(body.task_id, { client_id, outcome: body.outcome, saved_at: body.recorded_at })
  }
  return marks
}

/**
 * Takes one page of changes, whole or not at all: the cursor moves with its doors. The phone's own
 * mark on a door lasts until the visit behind it was taken; then the server's word counts.
 */
export async function applyChanges(changes: Changes, enrolment: string, asked: string | number = 0): Promise<void> {
  const stores = ['doors', 'forms', 'grids', 'facts', 'visits'] as const
  const tx = (await database()).transaction(stores, 'readwrite')
  // The phone may have been enrolled anew while the answer was on its way.
  if ((await tx.objectStore('facts').get('current')) !== enrolment) return tx.done
  // The server does not know our cursor (restored, set up anew) and starts over. One that does not say so yet
  // shows it by a number before the one asked for.
  const startsOver = changes.fresh ?? Number(changes.cursor) < Number(asked)
  if (startsOver) await tx.objectStore('doors').clear()
  const marks = openMarks(await tx.objectStore('visits').index('order').getAll())
  for (const door of changes.doors) {
    await tx.objectStore('doors').put({ ...door, mark: marks.get(door.task_id) })
  }
  for (const taskId of changes.gone) await tx.objectStore('doors').delete(taskId)
  for (const form of changes.forms ?? []) await tx.objectStore('forms').put(form)
  for (const grid of changes.grids ?? []) await tx.objectStore('grids').put(grid)
  await tx.objectStore('facts').put(changes.cursor, 'cursor')
  await tx.done
}

export type Standing = 'overdue' | 'open' | 'returned' | 'refused' | 'waiting' | 'done'

/** Nobody at home leaves the door to be visited again, whatever was sent. */
function isSettled(door: StoredDoor): boolean {
  return door.mark !== undefined && door.mark.outcome !== 'nobody_in'
}

export function isOverdue(door: Door, today: string): boolean {
  return door.due_on === null ? door.overdue : daysBetween(door.due_on, today) > 0
}

/** Where a door stands for the person at the phone; `visit` is the one its mark speaks of. */
export function standingOf(door: StoredDoor, visit: StoredVisit | undefined, today: string): Standing {
  if (visit?.state === 'refused') return 'refused'
  if (isSettled(door)) return visit?.state === 'waiting' ? 'waiting' : 'done'
  if (door.state === 'done') return 'done'
  if (door.state === 'returned') return 'returned'
  return isOverdue(door, today) ? 'overdue' : 'open'
}

export function isLeft(standing: Standing): boolean {
  return standing !== 'waiting' && standing !== 'done'
}

export function targetOf(door: Door): Target {
  const { task_id, subject, premise, area_name, form, why, due_on, prefill, returned, state } = door
  const question = state === 'returned' ? returned : null
  return { task_id, subject, premise, area_name, form, why, due_on, prefill, returned: question }
}

/** A unit found behind a door code that is in nobody's list on this phone. */
export function unlistedTarget(premiseCode: string): Target {
  const premise = { code: premiseCode, label: '', lng: null, lat: null }
  const nothing = { task_id: null, subject: null, due_on: null, returned: null }
  return { ...nothing, premise, area_name: '', form: 'employer', why: '', prefill: {} }
}
