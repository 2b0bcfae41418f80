/** Giving the phone back: only when everything is handed in does anything go. */
import { changed } from './store/channel'
import { setFact } from './store/db'
import { markEnrolment, unsentCounts, wipeFinished } from './store/enrolments'

/**
 * Ends this enrolment and removes what it left on the phone. Answers false, and removes nothing, while
 * something is not handed in: asked of the database itself, for the screen may be behind it.
 */
export async function leave(enrolment: string): Promise<boolean> {
  if ((await unsentCounts(0)).has(enrolment)) return false
  await markEnrolment(enrolment, 'revoked')
  // An app killed here starts as a phone without an enrolment; the next start's sweep takes the rest.
  await setFact('current', '')
  await wipeFinished()
  changed()
  return true
}
