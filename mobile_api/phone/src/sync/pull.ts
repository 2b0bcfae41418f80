/** Fetching what changed since the cursor, page by page; each page is kept before the next is asked for. */
import { changed } from '../store/channel'
import { fact, setFact } from '../store/db'
import { applyChanges, cursor, formVersions, outcomesVersion } from '../store/doors'
import { markEnrolment } from '../store/enrolments'
import { applySuggestions } from '../store/suggestions'
import { canSeal } from '../store/vault'
import type { Changes, Door, Enrolment } from '../types'
import { NoAnswer, ask, bodyIn, call } from './client'
import { noteRefusedToken, noteServerTime } from './push'
import { isChanges, isDoors, isMe } from './shapes'

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
  const query = new URLSearchParams({ cursor: String(since), limit: String(PAGE), forms: (await formVersions()).join(','), outcomes: await outcomesVersion() })
  const seen = await fact<Seen>('etag')
  const isSame = seen !== undefined && seen.enrolment === enrolment.id && seen.query === String(query)
  const headers = isSame ? { 'If-None-Match': seen.etag } : undefined
  const answer = await call(`changes?${query}&budget=${budget}`, { token: enrolment.token, headers })
  // Only the server knows the fingerprint it is asked about; any cache on the way can say 304.
  if (answer.status === 304 && isSame && answer.headers.get('ETag') === seen.etag) {
    await noteServerTime(answer.headers.get('Date') ?? '')
    return null
  }
  const changes = bodyIn(answer, isChanges)
  const etag = answer.headers.get('ETag')
  await applyPage(changes, enrolment, since)
  // Doors that live in the page alone are gone after a restart: then everything has to be told again.
  if (etag && canSeal()) await setFact('etag', { enrolment: enrolment.id, query: String(query), etag } satisfies Seen)
  return changes
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

/** A token the server is said not to know goes on asking, for that may have been a moment's mistake; a revoked one not. */
export async function pullChanges(enrolment: Enrolment): Promise<void> {
  if (enrolment.state === 'revoked' || !enrolment.token) return
  try {
    while ((await pageWithin(enrolment))?.more) changed()
    if (enrolment.state !== 'active') await markEnrolment(enrolment.id, 'active')
    await setFact('pulled_at', new Date().toISOString())
    changed()
  } catch (error) {
    // The page says so from now on; there is nothing to try again.
    if (!(await noteRefusedToken(error, enrolment))) throw error
  }
}

/** Once at each start: a phone that is revoked no more (a posting begun again) works on with the token it has. */
export async function askWhetherRevoked(enrolment: Enrolment): Promise<void> {
  if (enrolment.state !== 'revoked' || !enrolment.token) return
  await ask('me', isMe, { token: enrolment.token })
  await markEnrolment(enrolment.id, 'active')
  changed()
}

/** The doors behind a scanned code that are this person's; raises Refused (404) when none is. */
export async function askDoors(premiseCode: string, enrolment: Enrolment): Promise<Door[]> {
  return ask(`doors/${encodeURIComponent(premiseCode)}`, isDoors, { token: enrolment.token })
}
