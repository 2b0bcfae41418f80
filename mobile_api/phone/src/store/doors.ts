/** The doors this phone may see, as the server last told them. */
import type { Changes, Door, Enrolment, Form, Grid, LocalMark, OutcomeTable, Posting, StoredDoor, StoredVisit, Target } from '../types'
import { daysBetween } from '../days'
import { withReasons } from '../forms/reasons'
import { keepBlocks, looseCursor, putBlocks, readDoors, rebuilt } from './blocks'
import { type VisitRow, database, fact } from './db'
import { canSeal } from './vault'
import { allVisits } from './visits'

/** Every door with the mark of the visit that stands at it; the same array as long as nothing changed. */
export async function allDoors(visits: Promise<StoredVisit[]> | null = null): Promise<StoredDoor[]> {
  const [doors, marks] = await Promise.all([readDoors(), standingMarks(visits)])
  if (!marks.size) return doors
  return doors.map((door) => (marks.has(door.task_id) ? { ...door, mark: marks.get(door.task_id) } : door))
}

export async function doorOf(taskId: number): Promise<StoredDoor | undefined> {
  const door = (await readDoors()).find((kept) => kept.task_id === taskId)
  return door && { ...door, mark: (await standingMarks()).get(taskId) }
}

/** With the questions of the outcomes before its own. */
export async function formOf(code: string): Promise<Form | undefined> {
  const form = await (await database()).get('forms', code)
  return form && withReasons(form, await fact<OutcomeTable>('outcomes'))
}

export async function outcomesVersion(): Promise<string> {
  return (await fact<OutcomeTable>('outcomes'))?.version ?? ''
}

/** The form made for a kind of subject; the employers' form for a kind no form names. */
export async function formForKind(kind: string): Promise<string> {
  const forms = await (await database()).getAll('forms')
  const made = forms.find((form) => form.code === kind) ?? forms.find((form) => form.kinds?.includes(kind))
  return made?.code ?? 'employer'
}

export async function allGrids(): Promise<Grid[]> {
  return (await database()).getAll('grids')
}

export async function formVersions(): Promise<string[]> {
  return (await (await database()).getAll('forms')).map((form) => `${form.code}:${form.version}`)
}

export async function cursor(): Promise<string | number> {
  return canSeal() ? ((await fact<string | number>('cursor')) ?? 0) : looseCursor()
}

async function standingMarks(known: Promise<StoredVisit[]> | null = null): Promise<Map<number, LocalMark>> {
  const kept = await (await database()).getAll('marks')
  const visits = new Map(kept.length ? (await (known ?? allVisits())).map((visit) => [visit.client_id, visit]) : [])
  const marks = new Map<number, LocalMark>()
  for (const { task_id, client_id } of kept) {
    const body = visits.get(client_id)?.body
    if (!body) continue
    const { outcome, recorded_at, come_again_on } = body
    marks.set(task_id, { client_id, outcome, saved_at: recorded_at, ...(come_again_on ? { come_again_on } : {}) })
  }
  return marks
}

/** The marks that stand whatever the server says of a door: visits it has not taken yet. */
function openMarks(visits: VisitRow[]): Map<number, string> {
  const marks = new Map<number, string>()
  for (const { client_id, state, task_id } of visits) {
    if ((state === 'waiting' || state === 'refused') && task_id !== null) marks.set(task_id, client_id)
  }
  return marks
}

const STORES = ['blocks', 'marks', 'forms', 'grids', 'facts', 'visits', 'enrolments'] as const

/**
 * Takes one page of changes, whole or not at all: the cursor moves with its doors. The phone's own
 * mark on a door lasts until the visit behind it was taken; then the server's word counts.
 */
export async function applyChanges(changes: Changes, enrolment: string, asked: string | number = 0): Promise<void> {
  // The server does not know our cursor (restored, set up anew) and starts over. One that does not say so yet
  // shows it by a number before the one asked for.
  const startsOver = changes.fresh ?? Number(changes.cursor) < Number(asked)
  for (;;) {
    const written = await rebuilt(changes.doors, changes.gone, enrolment, startsOver)
    const tx = (await database()).transaction(STORES, 'readwrite')
    const facts = tx.objectStore('facts')
    // The phone may have been enrolled anew while the answer was on its way.
    if ((await facts.get('current')) !== enrolment) return tx.done
    const isUntouched = (await facts.get('blocks_rev')) === written.before
    if (isUntouched) {
      await putBlocks(tx.objectStore('blocks'), written)
      await facts.put(written.after, 'blocks_rev')
      const marks = openMarks(await tx.objectStore('visits').index('order').getAll())
      if (startsOver) await tx.objectStore('marks').clear()
      for (const { task_id } of changes.doors) await moveMark(tx.objectStore('marks'), task_id, marks.get(task_id))
      for (const task_id of changes.gone) await tx.objectStore('marks').delete(task_id)
      for (const form of changes.forms ?? []) await tx.objectStore('forms').put(form)
      for (const grid of changes.grids ?? []) await tx.objectStore('grids').put(grid)
      if (changes.postings) await keepPostings(tx.objectStore('enrolments'), enrolment, changes.postings)
      if (changes.days_off) await facts.put(changes.days_off, 'days_off')
      if (changes.outcomes) await facts.put(changes.outcomes, 'outcomes')
      if (canSeal()) await facts.put(changes.cursor, 'cursor')
    }
    await tx.done
    if (!isUntouched) continue
    keepBlocks(written, canSeal() ? null : changes.cursor)
    return
  }
}

interface Enrolments {
  get: (id: string) => Promise<Enrolment | undefined>
  put: (enrolment: Enrolment) => Promise<unknown>
}

async function keepPostings(enrolments: Enrolments, id: string, postings: Posting[]): Promise<void> {
  const enrolment = await enrolments.get(id)
  if (enrolment) await enrolments.put({ ...enrolment, postings })
}

interface Marks {
  put: (mark: { task_id: number; client_id: string }) => Promise<unknown>
  delete: (taskId: number) => Promise<void>
}

async function moveMark(marks: Marks, task_id: number, client_id: string | undefined): Promise<void> {
  if (client_id) await marks.put({ task_id, client_id })
  else await marks.delete(task_id)
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
  const { task_id, subject, premise, area, area_name, form, why, due_on, prefill, returned, state } = door
  const question = state === 'returned' ? returned : null
  return { task_id, subject, premise, area, area_name, form, why, due_on, prefill, returned: question }
}

/** A unit found behind a door code that is in nobody's list on this phone. */
export function unlistedTarget(premiseCode: string): Target {
  const premise = { code: premiseCode, label: '', lng: null, lat: null }
  const nothing = { task_id: null, subject: null, due_on: null, returned: null }
  return { ...nothing, premise, area_name: '', form: 'employer', why: '', prefill: {} }
}
