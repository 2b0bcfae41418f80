/** Phones of the version that took any page for a refusal: their database as it was left, opened by this one. */
import { beforeEach, expect, it, vi } from 'vitest'
import { database } from '../src/store/db'
import { currentEnrolment } from '../src/store/enrolments'
import { keepPhoto, photosOf } from '../src/store/photos'
import { allSuggestions, writeSuggestion } from '../src/store/suggestions'
import { allVisits } from '../src/store/visits'
import { putAllBack } from '../src/sync/again'
import { synchronise } from '../src/sync/engine'
import type { StoredSuggestion, StoredVisit, VisitBody } from '../src/types'
import { changes, freshPhone, phone, restart, save } from './cast'
import { TusServer, accepted, heard, json, problem, serve } from './server'

const server_time = new Date().toISOString()

beforeEach(async () => {
  vi.unstubAllGlobals()
  await freshPhone()
})

/** The row of a visit as a foreign page with that status had left it. */
async function leftRefused(visit: StoredVisit, code: string, message: string): Promise<void> {
  const db = await database()
  const row = await db.get('visits', visit.client_id)
  const { client_id, body, target } = visit
  const result = { client_id, status: 'refused' as const, route: 'normal', code, message, visit: '', missing_photos: [] }
  if (row) await db.put('visits', { ...row, state: 'refused', sent_at: server_time, rev: row.rev + 1, box: { clear: { body, target, result } } })
}

async function suggestionLeftRefused(message: string): Promise<void> {
  const db = await database()
  for (const row of await db.getAll('suggestions')) {
    const { client_id: _id, enrolment: _e, state: _s, ...rest } = (await allSuggestions())[0] as StoredSuggestion
    await db.put('suggestions', { ...row, state: 'refused', rev: row.rev + 1, box: { clear: { ...rest, message } } })
  }
}

it('sends by itself what a page had refused, and leaves what the server refused', async () => {
  const photo = await keepPhoto('task:4', 'refusal_photo', new Uint8Array(40).fill(3).buffer)
  const [forbidden, lost, readByNobody] = [await save(1), await save(2), await save(3)]
  const withPhoto = await save(4, [photo])
  await leftRefused(forbidden, '', '403')
  await leftRefused(lost, '', '404')
  await leftRefused(readByNobody, 'malformed-visit', '这条走访无法读取')
  await writeSuggestion('表太长', null)
  await suggestionLeftRefused('405')
  const db = await database()
  await db.put('enrolments', { ...phone, state: 'unknown' })
  const [kept] = await db.getAll('photos')
  await db.put('photos', { ...kept, state: 'refused', reason: '413' })
  const row = await db.get('visits', withPhoto.client_id)
  await db.put('visits', { ...row!, state: 'sent', sent_at: server_time })
  await restart()

  const tus = new TusServer()
  serve(async (request, path) => {
    if (path.startsWith('uploads')) return tus.handle(request, path)
    if (path === 'suggestions') {
      const { items } = (await request.json()) as { items: { client_id: string }[] }
      return json({ results: items.map(({ client_id }) => ({ client_id, status: 'accepted', code: '', message: '' })) })
    }
    if (path !== 'visits') return json(changes([]))
    const { visits } = (await request.json()) as { visits: VisitBody[] }
    return json({ server_time, results: visits.map((visit) => accepted(visit)) })
  })
  await synchronise(true)
  expect((await allVisits()).map(({ state }) => state)).toEqual(['sent', 'sent', 'refused', 'sent'])
  expect((await photosOf(withPhoto.client_id))[0]).toMatchObject({ state: 'sent', reason: '' })
  expect((await allSuggestions())[0]).toMatchObject({ state: 'sent' })
  expect((await currentEnrolment())?.state).toBe('active')
  expect(heard.filter(({ path, method }) => path === 'visits' && method === 'POST')).toHaveLength(1)
  await synchronise(true)
  expect(heard.filter(({ path, method }) => path === 'visits' && method === 'POST')).toHaveLength(1)
})

it('sends what the server refused once more when the person says so, and takes a second refusal as it is', async () => {
  const visit = await save(1)
  await leftRefused(visit, 'malformed-visit', '这条走访无法读取')
  serve(() => problem(422, 'malformed-request', '读不懂'))
  await synchronise(true)
  expect(heard.filter(({ path }) => path === 'visits')).toHaveLength(0)
  await putAllBack()
  expect((await allVisits())[0].state).toBe('waiting')
  await synchronise(true)
  expect((await allVisits())[0]).toMatchObject({ state: 'refused', result: { code: 'malformed-request' } })
})
