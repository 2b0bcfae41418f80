/** Hands 意见建议 in. The server keeps each once by its client_id, however often it hears it. */
import { enrolmentOf } from '../store/enrolments'
import { holdSuggestion, takeSuggestionResults, waitingSuggestions } from '../store/suggestions'
import type { StoredSuggestion, SuggestionResult } from '../types'
import { type Kind, saidOf, sendInBatches } from './batches'
import { ask } from './client'
import { noteGoodToken, noteRefusedToken } from './push'
import { isItemCode } from './refusals'
import { isSuggested } from './shapes'

function itemOf({ client_id, text, task_id, written_at }: StoredSuggestion): object {
  return { client_id, text, task_id, written_at }
}

async function post(batch: StoredSuggestion[], token: string): Promise<StoredSuggestion[]> {
  const json = { items: batch.map(itemOf) }
  const { results } = await ask('suggestions', isSuggested, { method: 'POST', token, json })
  const isUnderstood = ({ status, code }: SuggestionResult): boolean => status !== 'refused' || isItemCode('POST suggestions', code)
  const [said, unsaid] = saidOf(batch, results, isUnderstood)
  await takeSuggestionResults(said)
  return unsaid
}

const SUGGESTIONS: Kind<StoredSuggestion> = {
  post,
  refuse: ({ client_id }, { code, message }) => takeSuggestionResults([{ client_id, status: 'refused', code, message }]),
  hold: holdSuggestion,
}

/** Sends every waiting suggestion under the enrolment it was written under. */
export async function pushSuggestions(renew: () => Promise<boolean> = async () => true): Promise<void> {
  let failure: unknown = null
  for (const [id, waiting] of await waitingSuggestions()) {
    const enrolment = await enrolmentOf(id)
    if (!enrolment?.token) continue
    try {
      await sendInBatches(waiting, enrolment.token, SUGGESTIONS, renew)
      await noteGoodToken(enrolment)
    } catch (error) {
      await noteRefusedToken(error, enrolment)
      failure = error
    }
  }
  if (failure) throw failure
}
