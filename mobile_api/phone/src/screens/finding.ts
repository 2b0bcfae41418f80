/** A unit found on the street: looked for among what is known, then written down as itself or as somebody known. */
import { type Likeness, duplicatesOf } from '../list/duplicates'
import { m } from '../messages'
import { state } from '../state'
import { formForKind } from '../store/doors'
import { changeDraft } from '../store/drafts'
import { poolOf } from '../store/pool'
import { NoAnswer } from '../sync/client'
import { lookUp } from '../sync/lookup'
import type { Candidate, Door, PoolRow, Premise, StoredDoor, Target, Unlisted } from '../types'

/** How far the question went: to the server, to the phone only for want of a network, or of an answer. */
export type Reach = 'server' | 'offline' | 'silent'

export interface Known {
  key: string
  name: string
  credit_code: string
  address: string
  same: Candidate['same']
  where: string
  door: StoredDoor | null
  candidate: Candidate | null
  /** It waits for a grid, and the phone holds it. */
  row?: PoolRow
}

/** What was written down before somebody went to scan the licence; taken up again on the way back. */
interface Carried {
  key: string
  premise: string
  found: Unlisted
}

let carried: Carried | null = null

export function carry(what: Carried): void {
  carried = what
}

export function takeCarried(): Carried | null {
  const what = carried
  carried = null
  return what
}

function ofPhone({ door, same }: Likeness<StoredDoor>): Known {
  const { name, credit_code, address } = door.subject
  return { key: `d${door.task_id}`, name, credit_code, address, same, where: '', door, candidate: null }
}

function ofServer(candidate: Candidate, at: number): Known {
  const { name, credit_code, address, same, area_name } = candidate
  return { key: `s${candidate.subject_id ?? at}`, name, credit_code, address, same, where: area_name, door: null, candidate }
}

/** Of what waits for a grid; searched as doors are. */
function ofPool(found: Unlisted, rows: PoolRow[]): Known[] {
  const nothing = { state: 'open', due_on: null, overdue: false, why: '', round: null, premise: null, form: '', prefill: {}, returned: null } as const
  const doors = rows.map((row): Door & { row: PoolRow } => {
    const { subject_id: id, name, credit_code, address, kind, area } = row
    const subject = { id, kind, kind_label: '', name, credit_code, address, industry: '' }
    return { ...nothing, task_id: -id, subject, area, area_name: '', row }
  })
  return duplicatesOf(found, '', doors).map(({ door: { row }, same }) => {
    const { subject_id, name, credit_code, address, area } = row
    return { key: `p${subject_id}`, name, credit_code, address, same, where: m.claim.known[area.length], door: null, candidate: null, row }
  })
}

async function poolRows(): Promise<PoolRow[]> {
  return state.enrolment && !state.practice ? (await poolOf(state.enrolment.id)).rows.flat() : []
}

async function askServer(found: Unlisted): Promise<[Candidate[], Reach]> {
  const { enrolment, practice } = state
  if (!enrolment || enrolment.state !== 'active' || practice) return [[], 'silent']
  try {
    return [await lookUp(found, enrolment), 'server']
  } catch (error) {
    return [[], error instanceof NoAnswer ? 'offline' : 'silent']
  }
}

/** Everybody it may be: first the own doors, then what the server adds. */
export async function knownLike(found: Unlisted, premise: string): Promise<{ known: Known[]; reach: Reach }> {
  const own = duplicatesOf(found, premise, state.doors)
  const subjects = new Set(own.map(({ door }) => door.subject.id))
  const pooled = ofPool(found, (await poolRows()).filter(({ subject_id }) => !subjects.has(subject_id)))
  for (const { row } of pooled) if (row) subjects.add(row.subject_id)
  const [answered, reach] = await askServer(found)
  const others = answered.filter(({ subject_id }) => subject_id === null || !subjects.has(subject_id))
  return { known: [...own.map(ofPhone), ...pooled, ...others.map(ofServer)], reach }
}

function premiseOf(code: string): Premise | null {
  return code ? { code, label: '', lng: null, lat: null } : null
}

export async function targetFor(found: Unlisted, premise: string): Promise<Target> {
  const nothing = { task_id: null, due_on: null, why: '', area_name: '', prefill: {}, returned: null }
  return { ...nothing, subject: null, premise: premiseOf(premise), form: await formForKind(found.kind), unlisted: found }
}

/** Begins the form of a unit that is known to the server and in nobody's task here. Answers the draft's key. */
export async function beginKnown(candidate: Candidate, found: Unlisted, premise: string): Promise<string> {
  const target = await targetFor(found, premise)
  const { subject_id: id, name, credit_code, address, area_name } = candidate
  if (id !== null) {
    target.subject = { id, kind: found.kind, kind_label: '', name, credit_code, address, industry: '' }
    target.unlisted = null
  }
  const key = id === null ? `new:${found.name}` : `new:subject-${id}`
  await changeDraft(key, { ...target, area_name }, {})
  return key
}
