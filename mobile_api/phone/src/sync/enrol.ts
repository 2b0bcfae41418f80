/** Turning a code shown by the supervisor into this phone's own token. */
import { newId } from '../ids'
import { adoptEnrolment } from '../store/enrolments'
import { askToKeep } from '../store/room'
import type { Enrolment } from '../types'
import { ask } from './client'
import { noteServerTime } from './push'

type Answer = Pick<Enrolment, 'token' | 'person' | 'posting'> & { server_time: string }

export async function enrol(code: string, label: string): Promise<Enrolment> {
  const json = { code: code.trim(), label, app_version: __APP_VERSION__ }
  const { token, person, posting, server_time } = await ask<Answer>('enrol', { method: 'POST', json })
  const enrolled_at = new Date().toISOString()
  const enrolment: Enrolment = { id: newId(), token, person, posting, label, enrolled_at, state: 'active' }
  await adoptEnrolment(enrolment)
  await noteServerTime(server_time)
  void askToKeep()
  return enrolment
}
