/**
 * Who this phone works for. Older enrolments stay while they hold unsent visits: what was
 * recorded under a token is handed in under it.
 */
import type { Enrolment } from '../types'
import { DURABLE, database, fact } from './db'

export async function currentEnrolment(): Promise<Enrolment | null> {
  const id = await fact<string>('current')
  return (id && (await (await database()).get('enrolments', id))) || null
}

export async function enrolmentOf(id: string): Promise<Enrolment | undefined> {
  return (await database()).get('enrolments', id)
}

/** Makes `enrolment` the current one; doors and cursor of the one before are not its business. */
export async function adoptEnrolment(enrolment: Enrolment): Promise<void> {
  const tx = (await database()).transaction(['enrolments', 'facts', 'doors', 'grids'], 'readwrite', DURABLE)
  await tx.objectStore('enrolments').put(enrolment)
  await tx.objectStore('facts').put(enrolment.id, 'current')
  await tx.objectStore('facts').delete('cursor')
  await tx.objectStore('doors').clear()
  await tx.objectStore('grids').clear()
  await tx.done
}

/** A revoked phone keeps its drafts and its outbox and forgets the doors it may no longer see. */
export async function markEnrolment(id: string, state: Enrolment['state']): Promise<void> {
  const tx = (await database()).transaction(['enrolments', 'facts', 'doors', 'grids'], 'readwrite', DURABLE)
  const enrolment = await tx.objectStore('enrolments').get(id)
  if (enrolment) await tx.objectStore('enrolments').put({ ...enrolment, state })
  if (state === 'revoked' && (await tx.objectStore('facts').get('current')) === id) {
    await tx.objectStore('facts').delete('cursor')
    await tx.objectStore('doors').clear()
    await tx.objectStore('grids').clear()
  }
  await tx.done
}
