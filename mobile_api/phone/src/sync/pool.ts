/** Fetching what waits for a grid, as it changes, and searching it beyond what the phone holds. */
import { changed } from '../store/channel'
import { fact, setFact } from '../store/db'
import { currentEnrolment } from '../store/enrolments'
import { applyPool, poolOf } from '../store/pool'
import type { Enrolment, PoolRow } from '../types'
import { ask } from './client'
import { isPool, isPoolFound } from './shapes'

/** As often as a pool is asked for by itself; whoever opens its list asks at once. */
const EVERY_MS = 30 * 60_000
const MOST_PAGES = 20

async function pull(enrolment: Enrolment): Promise<void> {
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const known = (await poolOf(enrolment.id)).prints.join('')
    const answer = await ask(`pool?known=${known}`, isPool, { token: enrolment.token })
    await applyPool(answer, enrolment.id)
    if (!answer.more) break
  }
  await setFact('pool_at', Date.now())
  changed()
}

/** Brings the phone's pool up to date. What cannot be reached stays as it was: it is for looking up, nothing waits for it. */
export async function refreshPool(now = false): Promise<void> {
  const enrolment = await currentEnrolment()
  if (enrolment?.state !== 'active' || !enrolment.token) return
  const age = Date.now() - ((await fact<number>('pool_at')) ?? 0)
  if (!now && age >= 0 && age < EVERY_MS) return
  try {
    await pull(enrolment)
  } catch (error) {
    console.warn(error)
  }
}

/** Raises NoAnswer or Refused; the caller goes on with what the phone itself holds. */
export async function searchPool(words: string, enrolment: Enrolment): Promise<PoolRow[]> {
  const answer = await ask('pool', isPoolFound, { method: 'POST', token: enrolment.token, json: { words } })
  return answer.rows
}
