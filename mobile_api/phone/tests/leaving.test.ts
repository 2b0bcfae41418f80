import { beforeEach, expect, it, vi } from 'vitest'
import { leave } from '../src/leaving'
import { useDatabase, WORK } from '../src/store/db'
import { allDoors, applyChanges } from '../src/store/doors'
import { changeDraft, dropDraft } from '../src/store/drafts'
import { adoptEnrolment, currentEnrolment, enrolmentOf } from '../src/store/enrolments'
import { keepPhoto, markPhotoSent } from '../src/store/photos'
import { writeSuggestion } from '../src/store/suggestions'
import { targetOf } from '../src/store/doors'
import { allVisits, takeResults } from '../src/store/visits'
import { pushSuggestions } from '../src/sync/suggestions'
import { changes, door, freshPhone, phone, save } from './cast'
import { FOREIGN } from './foreign'
import { heard, json, problem, serve } from './server'
import type { StoredVisit } from '../src/types'

beforeEach(async () => {
  await useDatabase(WORK)
  vi.unstubAllGlobals()
  await freshPhone()
  await applyChanges(changes([door(1), door(2)]), phone.id)
})

async function taken(visit: StoredVisit, missing: string[] = []): Promise<void> {
  const { client_id } = visit
  const result = { client_id, status: 'accepted' as const, route: 'normal', code: '', message: '', visit: 'V1', missing_photos: missing }
  await takeResults([result], new Date().toISOString())
}

/** Our server once the token is closed. */
function closes(request: Request): Response {
  return request.method === 'DELETE' ? new Response(null, { status: 204 }) : problem(401, 'device-revoked')
}

it('removes nothing while a visit waits', async () => {
  await save(1)
  expect(await leave(phone.id)).toBe('unsent')
  expect((await currentEnrolment())?.id).toBe(phone.id)
  expect(await allVisits()).toHaveLength(1)
  expect(await allDoors()).toHaveLength(2)
})

it('removes nothing while a picture, a draft or a suggestion is not handed in', async () => {
  const photo = await keepPhoto('task:1', 'refusal_photo', new ArrayBuffer(8))
  const visit = await save(1, [photo])
  await taken(visit, [photo.sha256])
  expect(await leave(phone.id)).toBe('unsent')
  await markPhotoSent(photo.id)
  await changeDraft('task:2', targetOf(door(2)), { values: { employees: 3 } })
  expect(await leave(phone.id)).toBe('unsent')
  await dropDraft('task:2')
  await writeSuggestion('还没送出', null)
  expect(await leave(phone.id)).toBe('unsent')
  serve(async (request, path) => {
    if (path === 'me') return closes(request)
    const { items } = (await request.json()) as { items: { client_id: string }[] }
    return json({ results: items.map(({ client_id }) => ({ client_id, status: 'accepted', code: '', message: '' })) })
  })
  await pushSuggestions()
  expect(await leave(phone.id)).toBe('gone')
})

it('leaves nothing behind once everything is handed in', async () => {
  serve(closes)
  await taken(await save(1))
  expect(await leave(phone.id)).toBe('gone')
  expect(heard.map(({ method, path, token }) => `${method} ${path} ${token}`)).toEqual([`DELETE me ${phone.token}`, `GET me ${phone.token}`])
  expect(await currentEnrolment()).toBeNull()
  expect(await enrolmentOf(phone.id)).toBeUndefined()
  expect(await allVisits()).toEqual([])
  expect(await allDoors()).toEqual([])
  await adoptEnrolment({ ...phone, id: 'phone-2' })
  expect(await allVisits()).toEqual([])
})

it.each(FOREIGN)('removes nothing when somebody else answers in the server’s place: %s', async (_name, answer) => {
  await taken(await save(1))
  serve(answer)
  expect(await leave(phone.id)).toBe('unheard')
  expect((await enrolmentOf(phone.id))?.state).toBe('active')
  expect(await allVisits()).toHaveLength(1)
  expect(await allDoors()).toHaveLength(2)
})
