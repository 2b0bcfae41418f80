/** Hands 意见建议 in. The server keeps each once by its client_id, however often it hears it. */
import { enrolmentOf } from '../store/enrolments'
import { takeSuggestionResults, waitingSuggestions } from '../store/suggestions'
import type { StoredSuggestion, SuggestionResult } from '../types'
import { Refused, ask } from './client'

const BATCH = 50

function itemOf({ client_id, text, task_id, written_at }: StoredSuggestion): object {
  return { client_id, text, task_id, written_at }
}

/** One the server cannot read never holds up the others: a refused batch is halved until it stands alone. */
async function sendBatch(batch: StoredSuggestion[], token: string): Promise<void> {
  try {
    const json = { items: batch.map(itemOf) }
    const { results } = await ask<{ results: SuggestionResult[] }>('suggestions', { method: 'POST', token, json })
    await takeSuggestionResults(results)
  } catch (error) {
    if (!(error instanceof Refused) || error.passing) throw error
    if (batch.length === 1) {
      const { client_id } = batch[0]
      await takeSuggestionResults([{ client_id, status: 'refused', code: error.code, message: error.message }])
      return
    }
    const middle = Math.ceil(batch.length / 2)
    await sendBatch(batch.slice(0, middle), token)
    await sendBatch(batch.slice(middle), token)
  }
}

/** Sends every waiting suggestion under the enrolment it was written under. */
export async function pushSuggestions(): Promise<void> {
  let failure: unknown = null
  for (const [id, waiting] of await waitingSuggestions()) {
    const enrolment = await enrolmentOf(id)
    if (!enrolment?.token || enrolment.state !== 'active') continue
    try {
      for (let at = 0; at < waiting.length; at += BATCH) await sendBatch(waiting.slice(at, at + BATCH), enrolment.token)
    } catch (error) {
      failure = error
    }
  }
  if (failure) throw failure
}
