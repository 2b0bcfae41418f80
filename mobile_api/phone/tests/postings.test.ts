/** One enrolment for everything its person is posted to. */
import { beforeEach, expect, it, vi } from 'vitest'
import { postingWords } from '../src/said'
import { hasManyGrids, state } from '../src/state'
import { allDoors } from '../src/store/doors'
import { adoptEnrolment, currentEnrolment, othersUnsent, ownIds } from '../src/store/enrolments'
import { pullChanges } from '../src/sync/pull'
import { pushVisits } from '../src/sync/push'
import type { Posting, VisitBody } from '../src/types'
import { changes, door, freshPhone, phone, save } from './cast'
import { accepted, heard, json, serve } from './server'

const grid = (id: number, area: string, area_name: string): Posting => ({ id, role: 'worker', area, area_name })
const EAST = grid(8, '150302001001003', '东网格')
const WEST = grid(9, '150302001001004', '西网格')
const keepGoing = async () => true

beforeEach(async () => {
  vi.unstubAllGlobals()
  await freshPhone()
})

it('shows both halves after a re-cut, names them, and hands in for both under the token it has', async () => {
  serve(() => json(changes([door(1), door(2)], { cursor: 5, fresh: true })))
  await pullChanges(phone)
  const east = door(1, { area: EAST.area, area_name: EAST.area_name })
  const west = door(2, { area: WEST.area, area_name: WEST.area_name })
  serve(() => json(changes([east, west], { cursor: '5,8:3,9:4', postings: [EAST, WEST] })))
  await pullChanges((await currentEnrolment())!)
  const known = (await currentEnrolment())!
  expect([known.token, known.posting.id]).toEqual([phone.token, phone.posting.id])
  expect(postingWords(known)).toBe('东网格、西网格 网格员')
  state.doors = await allDoors()
  expect(hasManyGrids.value).toBe(true)
  await save(1)
  await save(2)
  serve(async (request) => {
    const { visits } = (await request.json()) as { visits: VisitBody[] }
    return json({ server_time: new Date().toISOString(), results: visits.map((visit) => accepted(visit)) })
  })
  await pushVisits(keepGoing)
  expect(heard.map(({ token }) => token)).toEqual([phone.token])
})

it('knows its person again when enrolled anew for another of their postings', async () => {
  await save(1)
  await adoptEnrolment({ ...phone, id: 'phone-2', token: 'token-2', posting: EAST, postings: [EAST, phone.posting] })
  expect(await ownIds()).toEqual(['phone-2', phone.id])
  expect(await othersUnsent()).toEqual([])
  await adoptEnrolment({ ...phone, id: 'phone-3', token: 'token-3', posting: WEST, postings: [WEST] })
  expect((await othersUnsent()).map(({ id }) => id)).toContain(phone.id)
})

it('calls an enrolment of an older version by its one posting', () => {
  expect(postingWords(phone)).toBe('第一网格 网格员')
})
