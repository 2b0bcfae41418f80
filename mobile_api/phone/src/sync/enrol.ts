/** Turning a code shown by the supervisor into this phone's own token. */
import { newId } from '../ids'
import { adoptEnrolment } from '../store/enrolments'
import { askToKeep } from '../store/room'
import type { Enrolment } from '../types'
import { ask } from './client'
import { noteServerTime } from './push'
import { isEnrolled } from './shapes'

export async function enrol(code: string, label: string): Promise<Enrolment> {
  const json = { code: code.trim(), label, app_version: __APP_VERSION__ }
  const { token, person, posting, postings, server_time } = await ask('enrol', isEnrolled, { method: 'POST', json })
  const enrolled_at = new Date().toISOString()
  const enrolment: Enrolment = { id: newId(), token, person, posting, postings, label, enrolled_at, state: 'active' }
  await adoptEnrolment(enrolment)
  await noteServerTime(server_time)
  void askToKeep()
  return enrolment
}
