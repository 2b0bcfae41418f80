/** The outbox and its memory. A visit is written once; only what became of it is added. */
import type { Form, Outcome, Position, StoredPhoto, StoredVisit, Target, Unlisted, Values, VisitBody, VisitResult } from '../types'
import { newId } from '../ids'
import { changed } from './channel'
import { DURABLE, database, fact } from './db'

/** How long a fresh visit waits for the phone to find its position before it goes without one. */
export const POSITION_HOLD_MS = 12_000

export interface Saving {
  key: string
  target: Target
  form: Form
  outcome: Outcome
  answers: Values
  photos: StoredPhoto[]
  replaces: string | null
  corrects: string | null
  awaitPosition: boolean
  come_again_on?: string | null
  unlisted?: Unlisted | null
}

function bodyOf(saving: Saving, clientId: string, at: string): VisitBody {
  const { target, form, outcome, answers, photos, replaces } = saving
  return {
    client_id: clientId,
    task_id: target.task_id,
    subject_id: target.subject?.id ?? null,
    premise_code: target.premise?.code ?? null,
    form: form.code,
    form_version: form.version,
    outcome,
    answers,
    recorded_at: at,
    position: null,
    photos: photos.map(({ sha256, size, kind, question }) => ({ sha256, size, kind, question })),
    replaces,
    ...(saving.come_again_on ? { come_again_on: saving.come_again_on } : {}),
    ...(saving.unlisted ? { unlisted: saving.unlisted } : {}),
  }
}

/**
 * Puts a visit into the outbox, with its pictures, marks the door and closes the draft: one
 * transaction, written through. Only when this returns may the screen say it is saved.
 */
export async function saveVisit(saving: Saving): Promise<StoredVisit> {
  const now = new Date()
  const enrolment = (await fact<string>('current')) ?? ''
  const stores = ['visits', 'photos', 'drafts', 'doors'] as const
  const tx = (await database()).transaction(stores, 'readwrite', DURABLE)
  const last = await tx.objectStore('visits').index('order').openKeyCursor(null, 'prev')
  // Plain JSON: what a screen hands over may be wrapped in proxies, which the database cannot copy.
  const { body, target }: { body: VisitBody; target: Target } = JSON.parse(
    JSON.stringify({ body: bodyOf(saving, newId(), now.toISOString()), target: saving.target }),
  )
  const visit: StoredVisit = {
    client_id: body.client_id,
    enrolment,
    order: ((last?.key as number | undefined) ?? 0) + 1,
    state: 'waiting',
    body,
    target,
    hold_until: saving.awaitPosition ? now.getTime() + POSITION_HOLD_MS : 0,
    result: null,
    sent_at: null,
  }
  await tx.objectStore('visits').put(visit)
  for (const { id } of saving.photos) {
    const photo = await tx.objectStore('photos').get(id)
    if (photo) await tx.objectStore('photos').put({ ...photo, owner: visit.client_id, state: 'waiting' })
  }
  await tx.objectStore('drafts').delete(saving.key)
  if (saving.corrects) {
    const refused = await tx.objectStore('visits').get(saving.corrects)
    if (refused) await tx.objectStore('visits').put({ ...refused, state: 'corrected' })
  }
  const door = target.task_id === null ? undefined : await tx.objectStore('doors').get(target.task_id)
  if (door) {
    const mark = { client_id: visit.client_id, outcome: saving.outcome, saved_at: body.recorded_at, come_again_on: saving.come_again_on }
    await tx.objectStore('doors').put({ ...door, mark })
  }
  await tx.done
  changed()
  return visit
}

/** Adds the position to a visit that is still held back for it, and lets it go. */
export async function placeVisit(clientId: string, position: Position | null): Promise<void> {
  const tx = (await database()).transaction('visits', 'readwrite')
  const visit = await tx.store.get(clientId)
  if (visit && visit.state === 'waiting' && visit.hold_until > 0) {
    await tx.store.put({ ...visit, hold_until: 0, body: { ...visit.body, position } })
  }
  await tx.done
}

export async function allVisits(): Promise<StoredVisit[]> {
  return (await database()).getAllFromIndex('visits', 'order')
}

export async function visitOf(clientId: string): Promise<StoredVisit | undefined> {
  return (await database()).get('visits', clientId)
}

/** What waits to be sent, oldest first, by the enrolment it was recorded under. */
export async function waitingVisits(now: number): Promise<Map<string, StoredVisit[]>> {
  const waiting = (await allVisits()).filter((visit) => visit.state === 'waiting')
  const groups = new Map<string, StoredVisit[]>()
  for (const visit of waiting) {
    // A hold longer than the rule allows was written under a wrong clock.
    if (visit.hold_until > now && visit.hold_until <= now + POSITION_HOLD_MS) continue
    groups.set(visit.enrolment, [...(groups.get(visit.enrolment) ?? []), visit])
  }
  return groups
}

/** The last visit to a task that stands, sent or about to be: the one a correction replaces. */
export function lastStanding(visits: StoredVisit[], taskId: number | null): StoredVisit | null {
  if (taskId === null) return null
  const stands = (visit: StoredVisit): boolean => visit.state === 'waiting' || visit.state === 'sent'
  const mine = visits.filter((visit) => visit.body.task_id === taskId && stands(visit))
  return mine[mine.length - 1] ?? null
}

/** Writes down what the server said of each visit, and which pictures it still wants. */
export async function takeResults(results: VisitResult[], at: string): Promise<void> {
  const tx = (await database()).transaction(['visits', 'photos', 'pictures'], 'readwrite', DURABLE)
  for (const result of results) {
    const visit = await tx.objectStore('visits').get(result.client_id)
    if (!visit || visit.state !== 'waiting') continue
    const refused = result.status === 'refused'
    await tx.objectStore('visits').put({ ...visit, result, sent_at: at, state: refused ? 'refused' : 'sent' })
    if (refused) continue
    const photos = await tx.objectStore('photos').index('owner').getAll(result.client_id)
    for (const photo of photos) {
      if (result.missing_photos.includes(photo.sha256)) continue
      await tx.objectStore('photos').put({ ...photo, state: 'sent', offset: photo.size })
      await tx.objectStore('pictures').delete(photo.id)
    }
  }
  await tx.done
  changed()
}

/** Puts a refused visit back into the outbox unchanged. */
export async function tryAgain(clientId: string): Promise<void> {
  const tx = (await database()).transaction('visits', 'readwrite', DURABLE)
  const visit = await tx.store.get(clientId)
  if (visit?.state === 'refused') await tx.store.put({ ...visit, state: 'waiting', hold_until: 0 })
  await tx.done
  changed()
}

const REMEMBERED_MS = 30 * 86_400_000

/** After a month the answers of a sent visit are forgotten; its key stays, for a correction names it. */
export async function forgetOldAnswers(now: number): Promise<void> {
  const tx = (await database()).transaction('visits', 'readwrite')
  for (const visit of await tx.store.index('state').getAll('sent')) {
    if (!visit.sent_at || now - Date.parse(visit.sent_at) < REMEMBERED_MS) continue
    await tx.store.put({ ...visit, body: { ...visit.body, answers: {}, position: null } })
  }
  await tx.done
}
