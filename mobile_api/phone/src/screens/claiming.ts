/** Claiming what waits for a grid: a record like a visit, so that it is kept, sent once and given back like one. */
import { m } from '../messages'
import { state } from '../state'
import { formForKind } from '../store/doors'
import { changeDraft } from '../store/drafts'
import { saveVisit } from '../store/visits'
import { synchronise } from '../sync/engine'
import type { Form, PoolRow, Posting, StoredVisit, Target } from '../types'

export const CLAIM = 'pool_claim'
const GRID = 15
const FORM: Form = { code: CLAIM, version: '1', title: m.claim.record, questions: [] }

/** The person's own grids that a subject known to lie in `area` may lie in. */
export function ownGrids(area: string): Posting[] {
  const { posting, postings = [] } = state.enrolment ?? {}
  const all = postings.length ? postings : posting ? [posting] : []
  return all.filter((post) => post.area.length === GRID && post.area.startsWith(area))
}

function targetFor(row: PoolRow, form: string): Target {
  const { subject_id: id, kind, name, credit_code, address, area } = row
  const subject = { id, kind, kind_label: '', name, credit_code, address, industry: '' }
  const nothing = { task_id: null, premise: null, area_name: '', why: '', due_on: null, prefill: {}, returned: null }
  return { ...nothing, subject, form, area }
}

/** The last claim of this subject made on this phone. */
export function claimOf(row: PoolRow): StoredVisit | undefined {
  const all = state.visits.filter(({ body }) => body.form === CLAIM && body.subject_id === row.subject_id)
  return all[all.length - 1]
}

export async function claim(row: PoolRow, grid: string): Promise<void> {
  await saveVisit({
    key: `claim:${row.subject_id}`, target: targetFor(row, CLAIM), form: FORM, outcome: 'done', answers: {}, photos: [],
    replaces: null, corrects: null, awaitPosition: false, grid,
  })
  void synchronise(true)
}

/** Begins the visit of what was claimed just now. Answers the draft's key. */
export async function beginClaimed(row: PoolRow): Promise<string> {
  const key = `new:subject-${row.subject_id}`
  await changeDraft(key, targetFor(row, await formForKind(row.kind)), {})
  return key
}
