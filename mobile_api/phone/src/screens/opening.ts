/** Finds what a form opens with: a door, a draft, a refused visit to correct, or a door code in nobody's list. */
import { formOf, doorOf, targetOf, unlistedTarget } from '../store/doors'
import { draftKey, draftOf } from '../store/drafts'
import { photosOf } from '../store/photos'
import { allVisits, lastStanding, visitOf } from '../store/visits'
import { opening } from '../forms/form'
import { m } from '../messages'
import type { Draft, Form, Outcome, Prefill, StoredPhoto, StoredVisit, Target, Value, Values } from '../types'

export interface Opened {
  key: string
  target: Target
  form: Form
  outcome: Outcome
  values: Values
  confirmed: string[]
  prefill: Record<string, Prefill>
  photos: StoredPhoto[]
  replaces: string | null
  corrects: string | null
}

interface Origin {
  key: string
  target: Target
  corrects: StoredVisit | null
}

async function originOf(from: string, id: string): Promise<Origin | null> {
  if (from === 'door') {
    const door = await doorOf(Number(id))
    if (door) return { key: `task:${door.task_id}`, target: targetOf(door), corrects: await refusedFor(door.task_id) }
    const draft = await draftOf(`task:${id}`)
    return draft ? { key: draft.key, target: draft.target, corrects: null } : null
  }
  if (from === 'draft') {
    const draft = await draftOf(id)
    return draft ? { key: id, target: draft.target, corrects: null } : null
  }
  if (from === 'unlisted') {
    const target = unlistedTarget(id)
    return { key: draftKey(target, id), target, corrects: null }
  }
  const visit = await visitOf(id)
  return visit ? { key: draftKey(visit.target, id), target: visit.target, corrects: visit } : null
}

/** A refused visit to this very door is what the person comes to put right. */
async function refusedFor(taskId: number): Promise<StoredVisit | null> {
  const refused = (await allVisits()).filter((visit) => visit.state === 'refused' && visit.body.task_id === taskId)
  return refused[refused.length - 1] ?? null
}

/** What was said before and is not doubted counts as looked at; what the desk asks about must be looked at again. */
function reviewed(target: Target, earlier: StoredVisit | null): { prefill: Record<string, Prefill>; confirmed: string[] } {
  if (!earlier) return { prefill: target.prefill, confirmed: [] }
  const doubted = target.returned?.questions ?? []
  const answers = earlier.body.answers
  const again = (name: string): [string, Prefill] => {
    return [name, { value: answers[name] as Value, source: m.door.wasYours, as_of: earlier.body.recorded_at.slice(0, 10) }]
  }
  const prefill = { ...target.prefill, ...Object.fromEntries(doubted.filter((name) => name in answers).map(again)) }
  return { prefill, confirmed: Object.keys(answers).filter((name) => !doubted.includes(name)) }
}

export async function open(from: string, id: string): Promise<Opened | 'no-form' | 'gone'> {
  const origin = await originOf(from, id)
  if (!origin) return 'gone'
  const { key, target, corrects } = origin
  const form = await formOf(target.form)
  if (!form) return 'no-form'
  const standing = target.returned ? lastStanding(await allVisits(), target.task_id) : null
  const earlier = corrects ?? standing
  const draft: Draft | undefined = await draftOf(key)
  const { prefill, confirmed } = reviewed(target, earlier)
  return {
    key,
    target,
    form,
    outcome: draft?.outcome ?? earlier?.body.outcome ?? 'done',
    values: { ...opening(prefill, earlier?.body.answers ?? {}), ...draft?.values },
    confirmed: [...confirmed, ...(draft?.confirmed ?? [])],
    prefill,
    photos: [...(await photosOf(key)), ...(corrects ? await photosOf(corrects.client_id) : [])],
    replaces: standing?.client_id ?? corrects?.body.replaces ?? null,
    corrects: corrects?.client_id ?? null,
  }
}
