/** Fetching what changed since the cursor, page by page; each page is kept before the next is asked for. */
import { changed } from '../store/channel'
import { setFact } from '../store/db'
import { applyChanges, cursor, formVersions } from '../store/doors'
import { applySuggestions } from '../store/suggestions'
import type { Changes, Door, Enrolment } from '../types'
import { ask } from './client'
import { noteRefusedToken, noteServerTime } from './push'

const PAGE = 300

async function page(enrolment: Enrolment, since: string | number): Promise<Changes> {
  const query = new URLSearchParams({ cursor: String(since), limit: String(PAGE) })
  query.set('forms', (await formVersions()).join(','))
  return ask<Changes>(`changes?${query}`, { token: enrolment.token })
}

export async function pullChanges(enrolment: Enrolment): Promise<void> {
  if (enrolment.state !== 'active' || !enrolment.token) return
  try {
    for (let more = true; more; ) {
      const since = await cursor()
      const changes = await page(enrolment, since)
      // Before the cursor moves on: applied twice they say the same, lost they would not come again.
      await applySuggestions(changes.suggestions, enrolment.id)
      await applyChanges(changes, enrolment.id, since)
      await noteServerTime(changes.server_time)
      more = changes.more
      changed()
    }
    await setFact('pulled_at', new Date().toISOString())
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
