/** Asking the server whether a unit found on the street is known to anybody in the own territory. */
import type { Candidate, Enrolment, Unlisted } from '../types'
import { ask } from './client'
import { isLookedUp } from './shapes'

/** Raises NoAnswer or Refused; the caller goes on with what the phone itself knows. */
export async function lookUp(found: Unlisted, enrolment: Enrolment): Promise<Candidate[]> {
  const { name, credit_code, address, lng, lat } = found
  const json = { name, credit_code, address, lng, lat }
  const answer = await ask('lookup', isLookedUp, { method: 'POST', token: enrolment.token, json })
  return answer.candidates
}
