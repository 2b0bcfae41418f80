/**
 * 意见建议: what a person wants to say to the desk, kept until the server has it, and what the desk answered.
 * `sync/suggestions.ts` hands them in; a pull calls `applySuggestions` before its page's cursor is kept.
 */
import type { StoredSuggestion, SuggestionNews, SuggestionResult } from '../types'
import { newId } from '../ids'
import { changed } from './channel'
import { DURABLE, type SuggestionRow, database, fact } from './db'
import { ownIds } from './enrolments'
import { heldAgain, isHeld } from './held'
import { withRoom } from './room'
import { Locked, seal, unseal } from './vault'

type Sealed = Omit<StoredSuggestion, 'client_id' | 'enrolment' | 'state'>

async function opened({ client_id, enrolment, state, box }: SuggestionRow): Promise<StoredSuggestion> {
  return { client_id, enrolment, state, ...(await unseal<Sealed>(enrolment, box)) }
}

async function rowFor(suggestion: StoredSuggestion, rev: number): Promise<SuggestionRow> {
  const { client_id, enrolment, state, ...rest } = suggestion
  return { client_id, enrolment, state, rev, box: await seal(enrolment, rest) }
}

/** Changes one by what `change` makes of it; null leaves it. Read again when another tab was faster. */
async function amend(id: string, change: (kept: StoredSuggestion | undefined) => StoredSuggestion | null): Promise<boolean> {
  for (;;) {
    const row = await (await database()).get('suggestions', id)
    const wanted = change(row && (await opened(row)))
    if (!wanted) return false
    const written = await rowFor(wanted, (row?.rev ?? 0) + 1)
    const tx = (await database()).transaction('suggestions', 'readwrite', DURABLE)
    const isUntouched = (await tx.store.get(id))?.rev === row?.rev
    if (isUntouched) await tx.store.put(written)
    await tx.done
    if (isUntouched) return true
  }
}

/** Keeps a suggestion, about one door or in general; only when this returns may the screen say it is kept. */
export async function writeSuggestion(text: string, about: { task_id: number; name: string } | null): Promise<void> {
  const suggestion: StoredSuggestion = {
    client_id: newId(),
    enrolment: (await fact<string>('current')) ?? '',
    text: text.trim(),
    task_id: about?.task_id ?? null,
    about: about?.name ?? '',
    written_at: new Date().toISOString(),
    state: 'waiting',
    message: '',
    answer: null,
    seen: true,
  }
  await withRoom(() => amend(suggestion.client_id, () => suggestion))
  changed()
}

/** What whoever holds the phone wrote, newest first. */
export async function allSuggestions(known?: string[]): Promise<StoredSuggestion[]> {
  const own = known ?? (await ownIds())
  const rows = (await (await database()).getAll('suggestions')).filter((row) => own.includes(row.enrolment))
  const all = await Promise.all(rows.map(opened))
  return all.sort((a, b) => b.written_at.localeCompare(a.written_at))
}

/** What waits, by the enrolment it was written under, oldest first. What is locked goes on waiting. */
export async function waitingSuggestions(): Promise<Map<string, StoredSuggestion[]>> {
  const rows = (await (await database()).getAll('suggestions')).filter((row) => row.state === 'waiting')
  const now = Date.now()
  const all = (await readable(rows)).filter(({ held }) => !isHeld(held, now))
  const groups = new Map<string, StoredSuggestion[]>()
  const oldestFirst = (a: StoredSuggestion, b: StoredSuggestion): number => a.written_at.localeCompare(b.written_at)
  for (const suggestion of all.sort(oldestFirst)) {
    groups.set(suggestion.enrolment, [...(groups.get(suggestion.enrolment) ?? []), suggestion])
  }
  return groups
}

async function readable(rows: SuggestionRow[]): Promise<StoredSuggestion[]> {
  const all = await Promise.all(rows.map((row) => opened(row).catch(nothingWhenLocked)))
  return all.filter((suggestion) => suggestion !== null)
}

function nothingWhenLocked(error: unknown): null {
  if (error instanceof Locked) return null
  throw error
}

export async function takeSuggestionResults(results: SuggestionResult[]): Promise<void> {
  for (const { client_id, status, message, code } of results) {
    const state = status === 'refused' ? 'refused' : 'sent'
    const told = { state, message, code, held: undefined } as const
    await amend(client_id, (kept) => (kept?.state === 'waiting' ? { ...kept, ...told } : null))
  }
  changed()
}

function asStored(news: SuggestionNews, enrolment: string): StoredSuggestion {
  const { client_id, text, at } = news
  const unknown = { task_id: null, about: '', message: '', answer: null, seen: true }
  return { ...unknown, client_id, enrolment, text, written_at: at ?? new Date().toISOString(), state: 'sent' }
}

/** What the desk answered since the last time. An answer not seen before gets a mark until it is read. */
export async function applySuggestions(news: SuggestionNews[] | undefined, enrolment: string): Promise<void> {
  if (!news?.length) return
  for (const item of news) {
    await amend(item.client_id, (known) => {
      const kept = known ?? asStored(item, enrolment)
      const answer = item.state === 'answered' ? { text: item.answer ?? '', by: item.by ?? '', at: item.at ?? '' } : null
      const isNew = answer !== null && answer.text !== kept.answer?.text
      return { ...kept, state: 'sent', answer: answer ?? kept.answer, seen: isNew ? false : kept.seen }
    })
  }
  changed()
}

/** The person looked at the answers: the marks go. */
export async function markAnswersSeen(): Promise<void> {
  let any = false
  for (const { client_id, seen } of await allSuggestions()) {
    if (!seen) any = (await amend(client_id, (kept) => (kept ? { ...kept, seen: true } : null))) || any
  }
  if (any) changed()
}

/** Keeps one that did not get through back, so that it does not stand in the way of others. Answers whether it rests. */
export async function holdSuggestion(suggestion: StoredSuggestion, status: number): Promise<boolean> {
  const held = heldAgain(suggestion.held, status, Date.now())
  await amend(suggestion.client_id, (kept) => (kept?.state === 'waiting' ? { ...kept, held } : null))
  changed()
  return isHeld(held, Date.now())
}

/** Puts a refused suggestion back into the outbox unchanged; one that was held back may go at once. */
export async function suggestAgain(clientId: string): Promise<void> {
  await amend(clientId, (kept) => {
    if (kept?.state === 'refused') return { ...kept, state: 'waiting', message: '', code: '', held: undefined }
    return kept?.held ? { ...kept, held: undefined } : null
  })
  changed()
}

/** The refused suggestions of everybody that can be read now. */
export async function refusedSuggestions(): Promise<StoredSuggestion[]> {
  return readable((await (await database()).getAll('suggestions')).filter((row) => row.state === 'refused'))
}

/** Takes back what the server will not have; only ever on the person's word. */
export async function dropSuggestion(clientId: string): Promise<void> {
  await (await database()).delete('suggestions', clientId)
  changed()
}
