/** Fetching what changed since the cursor, page by page; each page is kept before the next is asked for. */
import { changed } from '../store/channel'
import { fact, setFact } from '../store/db'
import { applyChanges, cursor, formVersions } from '../store/doors'
import { applySuggestions } from '../store/suggestions'
import { canSeal } from '../store/vault'
import type { Changes, Door, Enrolment } from '../types'
import { NoAnswer, ask, call, refusalOf } from './client'
import { noteRefusedToken, noteServerTime } from './push'

const PAGE = 300
const LARGEST_BUDGET = 300_000
const SMALLEST_BUDGET = 20_000

/** Bytes asked of one page: halved when none came through, so that a bad network brings at least something. */
let budget = LARGEST_BUDGET

/** The last answer's fingerprint, and what was asked then: the same question may be answered by "nothing new". */
interface Seen {
  enrolment: string
  query: string
  etag: string
}

async function page(enrolment: Enrolment, since: string | number): Promise<Changes | null> {
  const query = new URLSearchParams({ cursor: String(since), limit: String(PAGE), forms: (await formVersions()).join(',') })
  const seen = await fact<Seen>('etag')
  const isSame = seen !== undefined && seen.enrolment === enrolment.id && seen.query === String(query)
  const headers = isSame ? { 'If-None-Match': seen.etag } : undefined
  const response = await call(`changes?${query}&budget=${budget}`, { token: enrolment.token, headers })
  if (response.status === 304 && isSame) {
    await noteServerTime(response.headers.get('Date') ?? '')
    return null
  }
  if (!response.ok) throw await refusalOf(response)
  const changes = await bodyOf(response)
  const etag = response.headers.get('ETag')
  await applyPage(changes, enrolment, since)
  // Doors that live in the page alone are gone after a restart: then everything has to be told again.
  if (etag && canSeal()) await setFact('etag', { enrolment: enrolment.id, query: String(query), etag } satisfies Seen)
  return changes
}

async function bodyOf(response: Response): Promise<Changes> {
  try {
    return (await response.json()) as Changes
  } catch (error) {
    throw new NoAnswer(String(error))
  }
}

async function applyPage(changes: Changes, enrolment: Enrolment, since: string | number): Promise<void> {
  // Before the cursor moves on: applied twice they say the same, lost they would not come again.
  await applySuggestions(changes.suggestions, enrolment.id)
  await applyChanges(changes, enrolment.id, since)
  await noteServerTime(changes.server_time)
}

/** One page, and how much to ask for next time. */
async function pageWithin(enrolment: Enrolment): Promise<Changes | null> {
  try {
    const changes = await page(enrolment, await cursor())
    budget = Math.min(budget * 2, LARGEST_BUDGET)
    return changes
  } catch (error) {
    if (error instanceof NoAnswer) budget = Math.max(Math.round(budget / 2), SMALLEST_BUDGET)
    throw error
  }
}

export async function pullChanges(enrolment: Enrolment): Promise<void> {
  if (enrolment.state !== 'active' || !enrolment.token) return
  try {
    while ((await pageWithin(enrolment))?.more) changed()
    await setFact('pulled_at', new Date().toISOString())
    changed()
  } catch (error) {
    // The page says so from now on; there is nothing to try again.
    if (!(await noteRefusedToken(error, enrolment))) throw error
  }
}

/** The doors behind a scanned code that are this person's; raises Refused (404) when none is. */
export async function askDoors(premiseCode: string, enrolment: Enrolment): Promise<Door[]> {
  const answer = await ask<Door[] | { doors: Door[] }>(`doors/${encodeURIComponent(premiseCode)}`, {
    token: enrolment.token,
  })
  return Array.isArray(answer) ? answer : answer.doors
}
