/** Giving the phone back: only when everything is handed in does anything go. */
import { changed } from './store/channel'
import { setFact } from './store/db'
import { currentEnrolment, markEnrolment, unsentCounts, wipeFinished } from './store/enrolments'
import { call } from './sync/client'

/** The token goes with the enrolment. A server that cannot be reached keeps a hash of what nobody holds any more. */
async function tellServer(token: string | undefined): Promise<void> {
  if (token) await call('me', { method: 'DELETE', token }).catch(() => undefined)
}

/**
 * Ends this enrolment and removes what it left on the phone. Answers false, and removes nothing, while
 * something is not handed in: asked of the database itself, for the screen may be behind it.
 */
export async function leave(enrolment: string): Promise<boolean> {
  if ((await unsentCounts(0)).has(enrolment)) return false
  const held = await currentEnrolment()
  await markEnrolment(enrolment, 'revoked')
  // An app killed here starts as a phone without an enrolment; the next start's sweep takes the rest.
  await setFact('current', '')
  await wipeFinished()
  void tellServer(held?.id === enrolment ? held.token : undefined)
  changed()
  return true
}
