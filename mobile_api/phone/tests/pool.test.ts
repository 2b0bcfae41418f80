// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest'
import { findInPool } from '../src/list/pool'
import { adoptEnrolment } from '../src/store/enrolments'
import { applyPool, poolOf } from '../src/store/pool'
import { load } from '../src/state'
import { allVisits } from '../src/store/visits'
import { beginClaimed, claim, claimOf, ownGrids } from '../src/screens/claiming'
import { refreshPool, searchPool } from '../src/sync/pool'
import { knownLike } from '../src/screens/finding'
import { draftOf } from '../src/store/drafts'
import { synchronise } from '../src/sync/engine'
import { pushVisits } from '../src/sync/push'
import type { PoolAnswer, PoolRow, VisitBody } from '../src/types'
import { changes, freshPhone, phone, restart } from './cast'
import { accepted, heard, json, serve, serveNothing } from './server'

const COMMUNITY = '150302001001'
const GRID = phone.posting.area

function row(subject_id: number, name: string, area = COMMUNITY, more: Partial<PoolRow> = {}): PoolRow {
  return { subject_id, name, initials: '', credit_code: `91150302MA0N0000${subject_id}X`, address: '', kind: 'enterprise', area, ...more }
}

function answer(buckets: PoolAnswer['buckets'], more = false): PoolAnswer & { server_time: string } {
  const grids = [{ code: GRID, name: '第一网格' }, { code: `${COMMUNITY}002`, name: '第二网格' }]
  return { buckets, more, grids, refused: [], server_time: new Date().toISOString() }
}

const bucket = (number: number, rows: PoolRow[]) => ({ number, print: `0000000${number}`, rows })

beforeEach(async () => {
  vi.unstubAllGlobals()
  await freshPhone()
})

it('fetches only the buckets that differ, page after page, and keeps them over a restart', async () => {
  serve((_, path) => json(path.includes('00000001') ? answer([bucket(2, [row(2, '乌海市老王汽车修理部')])]) : answer([bucket(1, [row(1, '和平面馆')])], true)))
  await refreshPool(true)
  expect(heard.map(({ path }) => path.split('=')[1].slice(8, 16))).toEqual(['00000000', '00000001'])
  await restart()
  expect((await poolOf(phone.id)).rows.flat().map(({ name }) => name)).toEqual(['和平面馆', '乌海市老王汽车修理部'])
  serve(() => json(answer([bucket(1, [])])))
  await refreshPool()
  expect(heard).toHaveLength(0)
  await refreshPool(true)
  expect((await poolOf(phone.id)).rows.flat()).toHaveLength(1)
})

it('is gone with the doors of whoever had the phone before', async () => {
  await applyPool(answer([bucket(1, [row(1, '和平面馆')])]), phone.id)
  await adoptEnrolment({ ...phone, id: 'phone-2', token: 'token-2', person: { name: '王网格' } })
  expect((await poolOf('phone-2')).rows.flat()).toEqual([])
  expect((await poolOf(phone.id)).rows.flat()).toEqual([])
})

it('finds by part of a name, initials, code, address, and by what stands on a sign', () => {
  const garage = row(1, '乌海市老王汽车修理部', '150302001', { initials: 'whslwqcxlb', address: '新华街3号' })
  const rows = [garage, row(2, '小李面馆')]
  for (const words of ['汽车', 'LWQC', '91150302ma0n00001x', '新华街 老王', '老王汽车维修']) {
    expect(findInPool(rows, words), words).toEqual([garage])
  }
  expect(findInPool(rows, '理发店')).toEqual([])
  expect(findInPool(rows, '').map(({ subject_id }) => subject_id)).toEqual([2, 1])
})

it('claims off line, once, for the own grid, and says what the server said', async () => {
  await load()
  const mine = row(7, '和平面馆')
  expect(ownGrids(mine.area).map(({ area }) => area)).toEqual([GRID])
  expect(ownGrids('150302001009')).toEqual([])
  serveNothing()
  await claim(mine, GRID)
  await synchronise(true)
  const [visit] = await allVisits()
  expect(visit.body).toMatchObject({ form: 'pool_claim', subject_id: 7, task_id: null, grid: GRID, answers: {} })
  const said = '此户已由李秀英于 2026-12-01 10:00 归入第二网格。'
  serve(async (request, path) => {
    if (path.startsWith('changes')) return json(changes([]))
    const { visits } = (await request.json()) as { visits: VisitBody[] }
    const results = visits.map((sent) => ({ ...accepted(sent), code: 'claimed-by-another', message: said }))
    return json({ server_time: new Date().toISOString(), results })
  })
  await pushVisits(async () => true)
  await load()
  expect(claimOf(mine)).toMatchObject({ state: 'sent', result: { code: 'claimed-by-another', message: said } })
})

it('asks the server beyond what it holds', async () => {
  serve(() => json({ rows: [row(9, '远处商店', '150302')] }))
  expect(await searchPool('远处', phone)).toHaveLength(1)
  expect(heard[0]).toMatchObject({ method: 'POST', path: 'pool', body: { words: '远处' } })
})

it('knows a unit on the street from what waits for a grid, and asks there for the grid', async () => {
  await applyPool(answer([bucket(1, [row(1, '乌海市老王汽车修理部')])]), phone.id)
  await load()
  serveNothing()
  const found = { name: '老王汽车修理部', credit_code: '', address: '', kind: 'sole_trader', lng: null, lat: null }
  const { known } = await knownLike(found, '')
  expect(known.map(({ name, row }) => [name, row?.subject_id])).toEqual([['乌海市老王汽车修理部', 1]])
  const key = await beginClaimed(known[0].row as PoolRow)
  expect((await draftOf(key))?.target).toMatchObject({ area: COMMUNITY, subject: { id: 1 }, task_id: null })
})
