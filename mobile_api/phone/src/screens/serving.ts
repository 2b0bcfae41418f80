/** Serving a document at a door: which one, whether it was done, and what its form opens with. */
import { computed } from 'vue'
import { state } from '../state'
import { formOf, targetOf } from '../store/doors'
import { draftOf } from '../store/drafts'
import { photosOf } from '../store/photos'
import type { Notice, StoredDoor, StoredVisit, Target } from '../types'
import { type Opened, withPictures } from './opening'

export const SERVICE = 'notice_service'
const PREFIX = 'serve:'

export function keyOfNotice(number: string): string {
  return PREFIX + number
}

/** The notice a draft is about, or nothing when it is a draft of a visit. */
export function noticeOfKey(key: string): string {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : ''
}

export interface Serving {
  notice: Notice
  target: Target
  /** The task of the same door, to go on with; null when the door is gone from the phone. */
  task: number | null
}

function targetFor(door: StoredDoor, notice: Notice): Target {
  const asked = { form: SERVICE, why: notice.title, due_on: null, prefill: {}, returned: null }
  return { ...targetOf(door), task_id: null, ...asked }
}

/** What is known of a notice the server took off the phone while a record of it was begun or refused. */
function leftOver(number: string): Serving | undefined {
  const refused = served.value.get(number)
  const draft = state.drafts.find((kept) => kept.key === keyOfNotice(number))
  const target = refused?.state === 'refused' ? refused.target : draft?.target
  if (!target) return undefined
  const unknown = { kind: '', kind_label: '', text: '', issued_on: '', url: '', case: '', ways: [] }
  return { notice: { number, title: target.why, ...unknown }, target, task: null }
}

export function servingOf(number: string): Serving | undefined {
  for (const door of state.doors) {
    const notice = door.notices?.find((carried) => carried.number === number)
    if (notice) return { notice, target: targetFor(door, notice), task: door.task_id }
  }
  return leftOver(number)
}

/** What this phone recorded as served; a later record counts before an earlier one. Nobody in is no service. */
export const served = computed(() => {
  const all = new Map<string, StoredVisit>()
  for (const visit of state.visits) {
    const number = visit.body.form === SERVICE ? visit.body.answers.notice : null
    const counts = visit.state === 'refused' || (visit.state !== 'corrected' && visit.body.outcome === 'done')
    if (typeof number === 'string' && counts) all.set(number, visit)
  }
  return all
})

/** Notices of a door nobody recorded as served yet. */
export function unserved(door: StoredDoor): Notice[] {
  return (door.notices ?? []).filter(({ number }) => {
    const visit = served.value.get(number)
    return !visit || visit.state === 'refused'
  })
}

/** The document's lines, however the server wraps them. */
export function linesOf({ text }: Notice): string[] {
  const lines = Array.isArray(text) ? text : (text ?? '').split('\n')
  return lines.map((line) => line.trim()).filter(Boolean)
}

/** The page where anybody can check the document, in full, for a code to scan; '' when it is not known. */
export function checkAddress({ url }: Notice): string {
  return url && new URL(url, location.origin).href
}

/**
 * The service record's form. It answers no task: `task_id` is null. The notice and what is not yet known
 * are values from the start; a record the server refused is gone on from.
 */
export async function openService(serving: Serving): Promise<Opened | 'no-form'> {
  const form = await formOf(SERVICE)
  if (!form) return 'no-form'
  const { number } = serving.notice
  const key = keyOfNotice(number)
  const refused = served.value.get(number)
  const corrects = refused?.state === 'refused' ? refused : null
  const draft = await draftOf(key)
  const photos = [...(await photosOf(key)), ...(corrects ? await photosOf(corrects.client_id) : [])]
  return {
    key,
    target: serving.target,
    form,
    outcome: draft?.outcome ?? corrects?.body.outcome ?? 'done',
    values: withPictures(form, { ...corrects?.body.answers, ...draft?.values, notice: number }, photos),
    confirmed: draft?.confirmed ?? [],
    prefill: {},
    shown: {},
    photos,
    replaces: corrects?.body.replaces ?? null,
    corrects: corrects?.client_id ?? null,
  }
}
