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
  door: StoredDoor
}

export function servingOf(number: string): Serving | undefined {
  for (const door of state.doors) {
    const notice = door.notices?.find((one) => one.number === number)
    if (notice) return { notice, door }
  }
  return undefined
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

/** The page where anybody can check the document, in full, for a code to scan. */
export function checkAddress({ url }: Notice): string {
  return new URL(url, location.origin).href
}

function targetFor({ door, notice }: Serving): Target {
  const asked = { form: SERVICE, why: notice.title, due_on: null, prefill: {}, returned: null }
  return { ...targetOf(door), task_id: null, ...asked }
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
    target: targetFor(serving),
    form,
    outcome: draft?.outcome ?? corrects?.body.outcome ?? 'done',
    values: withPictures(form, { ...corrects?.body.answers, ...draft?.values, notice: number }, photos),
    confirmed: draft?.confirmed ?? [],
    prefill: {},
    photos,
    replaces: corrects?.body.replaces ?? null,
    corrects: corrects?.client_id ?? null,
  }
}
