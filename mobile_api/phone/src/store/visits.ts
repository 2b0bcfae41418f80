/** The outbox and its memory. A visit is written once; only what became of it is added. */
import type { Form, Outcome, Position, StoredPhoto, StoredVisit, Target, Unlisted, Values, VisitBody, VisitResult } from '../types'
import { newId } from '../ids'
import { changed } from './channel'
import { DURABLE, type VisitRow, database, onClose } from './db'
import { settledDraft } from './drafts'
import { ownIds } from './enrolments'
import { heldAgain, isHeld } from './held'
import { askToKeep, forgetAnswers, withRoom } from './room'
import { Locked, onLock, seal, unseal } from './vault'

/** How long a fresh visit waits for the phone to find its position before it goes without one. */
export const POSITION_HOLD_MS = 12_000

export interface Saving {
  key: string
  target: Target
  form: Form
  outcome: Outcome
  answers: Values
  photos: StoredPhoto[]
  shown?: Values
  replaces: string | null
  corrects: string | null
  awaitPosition: boolean
  come_again_on?: string | null
  unlisted?: Unlisted | null
  grid?: string | null
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
    ...(saving.shown && Object.keys(saving.shown).length ? { shown: saving.shown } : {}),
    ...(saving.come_again_on ? { come_again_on: saving.come_again_on } : {}),
    ...(saving.unlisted ? { unlisted: saving.unlisted } : {}),
    ...(saving.grid ? { grid: saving.grid } : {}),
  }
}

/** The part of a visit that is sealed; the rest of its row is what sending and sorting need. */
type Sealed = Pick<StoredVisit, 'body' | 'target' | 'result'>

/** Unsealed once for each revision: lists are drawn often, and a week holds many visits. */
const remembered = new Map<string, { rev: number; visit: StoredVisit }>()
onClose(() => remembered.clear())
onLock(() => remembered.clear())

async function opened(row: VisitRow): Promise<StoredVisit> {
  const known = remembered.get(row.client_id)
  if (known?.rev === row.rev) return known.visit
  const { client_id, enrolment, order, state, hold_until, sent_at, held } = row
  const sealed = await unseal<Sealed>(enrolment, row.box)
  const visit = { client_id, enrolment, order, state, hold_until, sent_at, held, ...sealed }
  remembered.set(client_id, { rev: row.rev, visit })
  return visit
}

/**
 * Puts a visit into the outbox, with its pictures, marks the door and closes the draft: one
 * transaction, written through. Only when this returns may the screen say it is saved.
 */
export async function saveVisit(saving: Saving): Promise<StoredVisit> {
  await settledDraft(saving.key)
  return withRoom(() => writeVisit(saving))
}

async function writeVisit(saving: Saving): Promise<StoredVisit> {
  const now = new Date()
  const own = await ownIds()
  const enrolment = own[0]
  const { body, target }: Sealed = JSON.parse(
    JSON.stringify({ body: bodyOf(saving, newId(), now.toISOString()), target: saving.target }),
  )
  const box = await seal(enrolment, { body, target, result: null })
  const stores = ['visits', 'photos', 'drafts', 'marks'] as const
  const tx = (await database()).transaction(stores, 'readwrite', DURABLE)
  const last = await tx.objectStore('visits').index('order').openKeyCursor(null, 'prev')
  const row: VisitRow = {
    client_id: body.client_id,
    enrolment,
    order: ((last?.key as number | undefined) ?? 0) + 1,
    state: 'waiting',
    task_id: body.task_id,
    hold_until: saving.awaitPosition ? now.getTime() + POSITION_HOLD_MS : 0,
    sent_at: null,
    rev: 1,
    box,
  }
  await tx.objectStore('visits').put(row)
  for (const { id } of saving.photos) {
    const photo = await tx.objectStore('photos').get(id)
    if (photo) await tx.objectStore('photos').put({ ...photo, owner: row.client_id, state: 'waiting' })
  }
  for (const id of own) await tx.objectStore('drafts').delete([id, saving.key])
  if (saving.corrects) {
    const refused = await tx.objectStore('visits').get(saving.corrects)
    if (refused) await tx.objectStore('visits').put({ ...refused, state: 'corrected', rev: refused.rev + 1 })
  }
  if (row.task_id !== null) await tx.objectStore('marks').put({ task_id: row.task_id, client_id: row.client_id })
  await tx.done
  changed()
  void askToKeep()
  return opened(row)
}

/** Adds the position to a visit that is still held back for it, and lets it go. */
export async function placeVisit(clientId: string, position: Position | null): Promise<void> {
  const db = await database()
  for (;;) {
    const row = await db.get('visits', clientId)
    if (!row || row.state !== 'waiting' || row.hold_until === 0) return
    const { body, target, result } = await opened(row)
    const box = await seal(row.enrolment, { body: { ...body, position }, target, result })
    if (await replaceRow({ ...row, hold_until: 0, box })) return
  }
}

/** Writes over the row that was read, unless somebody else wrote it meanwhile. */
async function replaceRow(row: VisitRow): Promise<boolean> {
  const tx = (await database()).transaction('visits', 'readwrite', DURABLE)
  const isUntouched = (await tx.store.get(row.client_id))?.rev === row.rev
  if (isUntouched) await tx.store.put({ ...row, rev: row.rev + 1 })
  await tx.done
  return isUntouched
}

/** The visits of whoever holds the phone. */
export async function allVisits(known?: string[]): Promise<StoredVisit[]> {
  const own = known ?? (await ownIds())
  const rows = await (await database()).getAllFromIndex('visits', 'order')
  return Promise.all(rows.filter((row) => own.includes(row.enrolment)).map(opened))
}

export async function visitOf(clientId: string): Promise<StoredVisit | undefined> {
  const row = await (await database()).get('visits', clientId)
  return row && (await ownIds()).includes(row.enrolment) ? opened(row) : undefined
}

/**
 * What waits to be sent, oldest first, by the enrolment it was recorded under, whoever holds the phone now.
 * What is sealed under a PIN not given yet goes on waiting.
 */
export async function waitingVisits(now: number): Promise<Map<string, StoredVisit[]>> {
  const groups = new Map<string, StoredVisit[]>()
  const rows = await (await database()).getAllFromIndex('visits', 'state', 'waiting')
  for (const row of rows.sort((a, b) => a.order - b.order)) {
    // A hold longer than the rule allows was written under a wrong clock.
    if (row.hold_until > now && row.hold_until <= now + POSITION_HOLD_MS) continue
    if (isHeld(row.held, now)) continue
    const visit = await openedUnlessLocked(row)
    if (visit) groups.set(row.enrolment, [...(groups.get(row.enrolment) ?? []), visit])
  }
  return groups
}

async function openedUnlessLocked(row: VisitRow): Promise<StoredVisit | null> {
  try {
    return await opened(row)
  } catch (error) {
    if (error instanceof Locked) return null
    throw error
  }
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
  // What another tab wrote meanwhile is read again.
  for (let open = results; open.length; ) open = await writeResults(open, at)
  changed()
}

/** One transaction for all; answers those whose row changed while theirs were sealed. */
async function writeResults(results: VisitResult[], at: string): Promise<VisitResult[]> {
  const found = await Promise.all(results.map((result) => answeredRow(result, at)))
  const tx = (await database()).transaction(['visits', 'photos', 'pictures'], 'readwrite', DURABLE)
  const overtaken = []
  for (const { result, row } of found.filter((answered) => answered !== null)) {
    if ((await tx.objectStore('visits').get(row.client_id))?.rev !== row.rev) {
      overtaken.push(result)
      continue
    }
    await tx.objectStore('visits').put({ ...row, rev: row.rev + 1 })
    const photos = row.state === 'sent' ? await tx.objectStore('photos').index('owner').getAll(row.client_id) : []
    for (const photo of photos) {
      if (result.missing_photos.includes(photo.sha256)) continue
      await tx.objectStore('photos').put({ ...photo, state: 'sent', offset: photo.size })
      await tx.objectStore('pictures').delete(photo.id)
    }
  }
  await tx.done
  return overtaken
}

/** The row of a visit that waits, with its answer sealed into it; null for one that no longer waits. */
async function answeredRow(result: VisitResult, at: string): Promise<{ result: VisitResult; row: VisitRow } | null> {
  const row = await (await database()).get('visits', result.client_id)
  if (row?.state !== 'waiting') return null
  const { body, target } = await opened(row)
  const box = await seal(row.enrolment, { body, target, result })
  return { result, row: { ...row, held: undefined, box, sent_at: at, state: result.status === 'refused' ? 'refused' : 'sent' } }
}

/** Changes the row of a visit, and nothing of what is sealed in it. */
async function amendRow(clientId: string, change: (row: VisitRow) => Partial<VisitRow> | null): Promise<void> {
  const tx = (await database()).transaction('visits', 'readwrite', DURABLE)
  const row = await tx.store.get(clientId)
  const wanted = row && change(row)
  if (wanted) await tx.store.put({ ...row, ...wanted, rev: row.rev + 1 })
  await tx.done
  if (wanted) changed()
}

/** Keeps one that did not get through back, so that it does not stand in the way of others. Answers whether it rests. */
export async function holdVisit(visit: StoredVisit, status: number): Promise<boolean> {
  const held = heldAgain(visit.held, status, Date.now())
  await amendRow(visit.client_id, ({ state }) => (state === 'waiting' ? { held } : null))
  return isHeld(held, Date.now())
}

/** Puts a refused visit back into the outbox unchanged; one that was held back may go at once. */
export async function tryAgain(clientId: string): Promise<void> {
  await amendRow(clientId, ({ state, held }) => {
    if (state === 'refused') return { state: 'waiting', hold_until: 0, held: undefined }
    return held ? { held: undefined } : null
  })
}

/** The refused visits of everybody that can be read now, with what was said of each. */
export async function refusedVisits(): Promise<StoredVisit[]> {
  const rows = await (await database()).getAllFromIndex('visits', 'state', 'refused')
  return (await Promise.all(rows.map(openedUnlessLocked))).filter((visit) => visit !== null)
}

const REMEMBERED_MS = 30 * 86_400_000

/** After a month the answers of a sent visit are forgotten; its key stays, for a correction names it. */
export async function forgetOldAnswers(now: number): Promise<void> {
  for (const row of await (await database()).getAllFromIndex('visits', 'state', 'sent')) {
    if (row.sent_at && now - Date.parse(row.sent_at) >= REMEMBERED_MS) await forgetAnswers(row)
  }
}
