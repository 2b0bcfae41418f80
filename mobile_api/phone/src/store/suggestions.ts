/**
 * 意见建议: what a person wants to say to the desk, kept until the server has it, and what the desk answered.
 * `sync/suggestions.ts` hands them in; a pull calls `applySuggestions` before its page's cursor is kept.
 */
import type { StoredSuggestion, SuggestionNews, SuggestionResult } from '../types'
import { newId } from '../ids'
import { changed } from './channel'
import { DURABLE, database, fact } from './db'

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
  const tx = (await database()).transaction('suggestions', 'readwrite', DURABLE)
  await tx.store.put(suggestion)
  await tx.done
  changed()
}

/** Newest first. */
export async function allSuggestions(): Promise<StoredSuggestion[]> {
  const all = await (await database()).getAll('suggestions')
  return all.sort((a, b) => b.written_at.localeCompare(a.written_at))
}

/** What waits, by the enrolment it was written under, oldest first. */
export async function waitingSuggestions(): Promise<Map<string, StoredSuggestion[]>> {
  const groups = new Map<string, StoredSuggestion[]>()
  for (const one of (await allSuggestions()).reverse()) {
    if (one.state === 'waiting') groups.set(one.enrolment, [...(groups.get(one.enrolment) ?? []), one])
  }
  return groups
}

export async function takeSuggestionResults(results: SuggestionResult[]): Promise<void> {
  const tx = (await database()).transaction('suggestions', 'readwrite', DURABLE)
  for (const { client_id, status, message } of results) {
    const kept = await tx.store.get(client_id)
    if (kept?.state !== 'waiting') continue
    await tx.store.put({ ...kept, state: status === 'refused' ? 'refused' : 'sent', message })
  }
  await tx.done
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
  const tx = (await database()).transaction('suggestions', 'readwrite', DURABLE)
  for (const one of news) {
    const kept = (await tx.store.get(one.client_id)) ?? asStored(one, enrolment)
    const answer = one.state === 'answered' ? { text: one.answer ?? '', by: one.by ?? '', at: one.at ?? '' } : null
    const isNew = answer !== null && answer.text !== kept.answer?.text
    await tx.store.put({ ...kept, state: 'sent', answer: answer ?? kept.answer, seen: isNew ? false : kept.seen })
  }
  await tx.done
  changed()
}

/** The person looked at the answers: the marks go. */
export async function markAnswersSeen(): Promise<void> {
  const tx = (await database()).transaction('suggestions', 'readwrite')
  let any = false
  for (const one of await tx.store.getAll()) {
    if (one.seen) continue
    any = true
    await tx.store.put({ ...one, seen: true })
  }
  await tx.done
  if (any) changed()
}

/** Puts a refused suggestion back into the outbox unchanged. */
export async function suggestAgain(clientId: string): Promise<void> {
  const tx = (await database()).transaction('suggestions', 'readwrite', DURABLE)
  const kept = await tx.store.get(clientId)
  if (kept?.state === 'refused') await tx.store.put({ ...kept, state: 'waiting', message: '' })
  await tx.done
  changed()
}

/** Takes back what the server will not have; only ever on the person's word. */
export async function dropSuggestion(clientId: string): Promise<void> {
  await (await database()).delete('suggestions', clientId)
  changed()
}
