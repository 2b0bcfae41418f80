/** Giving the phone back: only when everything is handed in, and the server says that the token is closed, does anything go. */
import { changed } from './store/channel'
import { setFact } from './store/db'
import { enrolmentOf, markEnrolment, unsentCounts, wipeFinished } from './store/enrolments'
import { NoAnswer, Refused, ask, call } from './sync/client'
import { isMe } from './sync/shapes'

/** `unsent`: something is not handed in. `unheard`: the server did not say that the token is closed. */
export type Left = 'gone' | 'unsent' | 'unheard'

/**
 * Closes the token. An empty answer could be anybody's, so what counts is that the server itself refuses the token
 * afterwards, by a code of its own.
 */
async function isClosed(token: string): Promise<boolean> {
  try {
    await call('me', { method: 'DELETE', token })
    await ask('me', isMe, { token })
    return false
  } catch (error) {
    if (error instanceof NoAnswer) return false
    if (error instanceof Refused) return error.isOfPhone
    throw error
  }
}

/**
 * Ends this enrolment and removes what it left on the phone; removes nothing unless everything is handed in (asked of
 * the database itself, for the screen may be behind it) and the server has closed the token.
 */
export async function leave(id: string): Promise<Left> {
  if ((await unsentCounts(0)).has(id)) return 'unsent'
  const enrolment = await enrolmentOf(id)
  if (enrolment?.token && !(await isClosed(enrolment.token))) return 'unheard'
  await markEnrolment(id, 'revoked')
  // An app killed here starts as a phone without an enrolment; the next start's sweep takes the rest.
  await setFact('current', '')
  await wipeFinished()
  changed()
  return 'gone'
}
