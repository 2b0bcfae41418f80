/** Finds what a form opens with: a door, a draft, a refused visit to correct, or a door code in nobody's list. */
import { formOf, doorOf, targetOf, unlistedTarget } from '../store/doors'
import { draftKey, draftOf } from '../store/drafts'
import { photosOf } from '../store/photos'
import { allVisits, lastStanding, visitOf } from '../store/visits'
import { picturesIn } from '../forms/form'
import { isEmpty, opening } from '../forms/values'
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
  /** What others knew before this person said anything: the base of every correction. */
  shown: Values
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
    const key = draftKey(unlistedTarget(id), id)
    const draft = await draftOf(key)
    return { key, target: named(draft?.target ?? unlistedTarget(id)), corrects: null }
  }
  const visit = await visitOf(id)
  return visit ? { key: draftKey(visit.target, id), target: visit.target, corrects: visit } : null
}

/** A unit nobody's list knows has at least a name to be written down. */
function named(target: Target): Target {
  const nothing = { name: '', credit_code: '', address: '', kind: 'enterprise', lng: null, lat: null }
  return { ...target, unlisted: target.unlisted ?? nothing }
}

/** A refused visit to this very door is what the person comes to put right. */
async function refusedFor(taskId: number): Promise<StoredVisit | null> {
  const refused = (await allVisits()).filter((visit) => visit.state === 'refused' && visit.body.task_id === taskId)
  return refused[refused.length - 1] ?? null
}

/** A visit made before, by this phone or by another: what a form goes on from. */
interface Earlier {
  client_id: string
  outcome: Outcome
  answers: Values
  recorded_at: string
  source: string
  /** What its own form stood at; the answers themselves where somebody else gave them. */
  shown: Values
}

function ofPhone({ client_id, body }: StoredVisit): Earlier {
  const { outcome, answers, recorded_at } = body
  return { client_id, outcome, answers, recorded_at, source: m.door.wasYours, shown: body.shown ?? {} }
}

/**
 * The visit an answer to the desk replaces. What this phone still has to send comes after anything the
 * server knows; else the server's word counts, for a colleague may have been there since.
 */
function standingFor(target: Target, visits: StoredVisit[]): Earlier | null {
  if (!target.returned) return null
  const own = lastStanding(visits, target.task_id)
  const former = target.returned.former
  if (!former || own?.state === 'waiting') return own && ofPhone(own)
  const mine = visits.find((visit) => visit.client_id === former.client_id)
  if (mine) return { ...former, source: m.door.wasYours, shown: mine.body.shown ?? {} }
  return { ...former, source: m.door.wasTheirs(former.by), shown: former.answers }
}

/** What was said before and is not doubted counts as looked at; what the desk asks about must be looked at again. */
function reviewed(target: Target, earlier: Earlier | null): { prefill: Record<string, Prefill>; confirmed: string[] } {
  if (!earlier) return { prefill: target.prefill, confirmed: [] }
  const doubted = target.returned?.questions ?? []
  const { answers, source, recorded_at } = earlier
  const again = (name: string): [string, Prefill] => {
    return [name, { value: answers[name] as Value, source, as_of: recorded_at.slice(0, 10) }]
  }
  const prefill = { ...target.prefill, ...Object.fromEntries(doubted.filter((name) => name in answers).map(again)) }
  return { prefill, confirmed: Object.keys(answers).filter((name) => !doubted.includes(name)) }
}

/** One's own earlier answer is no news to correct: what counts is what stood there before it. */
function shownOf(known: Record<string, Prefill>, earlier: Earlier | null): Values {
  const asKnown = Object.entries(known).map(([name, fill]): [string, Value | undefined] => [name, fill.value])
  const before = Object.keys(earlier?.answers ?? {}).map((name): [string, Value | undefined] => [name, earlier?.shown[name]])
  const all = Object.fromEntries([...asKnown, ...before])
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, Value] => !isEmpty(entry[1])))
}

/** A draft goes on from what it was begun with, whatever was fetched since: only that has its person seen. */
function asBegun(target: Target, draft: Draft | undefined): Target {
  return draft ? { ...target, prefill: { ...target.prefill, ...draft.target.prefill } } : target
}

/** A picture kept before its answer was written belongs to its question all the same. */
export function withPictures(form: Form, values: Values, photos: StoredPhoto[]): Values {
  const held = picturesIn(form.questions, values)
  const asks = (name: string): boolean => form.questions.some((question) => question.name === name && ['photo', 'signature'].includes(question.type))
  const loose = photos.filter(({ sha256, question }) => !held.includes(sha256) && asks(question))
  const added = { ...values }
  for (const { question, sha256 } of loose) {
    const before = added[question]
    const pictures = Array.isArray(before) ? (before as string[]) : typeof before === 'string' && before ? [before] : []
    added[question] = pictures.length ? [...pictures, sha256] : sha256
  }
  return added
}

export async function open(from: string, id: string): Promise<Opened | 'no-form' | 'gone'> {
  const origin = await originOf(from, id)
  if (!origin) return 'gone'
  const { key, corrects } = origin
  const draft: Draft | undefined = await draftOf(key)
  const target = asBegun(origin.target, draft)
  const form = await formOf(target.form)
  if (!form) return 'no-form'
  const standing = standingFor(target, await allVisits())
  const earlier = corrects ? ofPhone(corrects) : standing
  const { prefill, confirmed } = reviewed(target, earlier)
  const photos = [...(await photosOf(key)), ...(corrects ? await photosOf(corrects.client_id) : [])]
  return {
    key,
    target,
    form,
    outcome: draft?.outcome ?? earlier?.outcome ?? 'done',
    values: withPictures(form, { ...opening(prefill, earlier?.answers ?? {}), ...draft?.values }, photos),
    confirmed: [...confirmed, ...(draft?.confirmed ?? [])],
    prefill,
    shown: shownOf(target.prefill, earlier),
    photos,
    replaces: standing?.client_id ?? corrects?.body.replaces ?? null,
    corrects: corrects?.client_id ?? null,
  }
}
