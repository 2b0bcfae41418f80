import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { allDoors } from '../src/store/doors'
import { adoptEnrolment } from '../src/store/enrolments'
import { withLease } from '../src/store/lease'
import { allSuggestions, writeSuggestion } from '../src/store/suggestions'
import { allVisits } from '../src/store/visits'
import { waitAsked } from '../src/sync/client'
import { synchronise } from '../src/sync/engine'
import { pullChanges } from '../src/sync/pull'
import type { VisitBody } from '../src/types'
import { soon } from './patience'
import { changes, door, freshPhone, phone, save } from './cast'
import { accepted, heard, json, problem, serve, serveNothing } from './server'

const server_time = new Date().toISOString()

beforeEach(async () => {
  vi.unstubAllGlobals()
  await freshPhone()
})

it('tries once more when the network came back while the last try was failing', async () => {
  await save(1)
  let cut = (_: unknown): void => undefined
  const knocked = new Promise<void>((heard) => {
    serve(() => new Promise((_, refuse) => {
      cut = refuse
      heard()
    }))
  })
  const failing = synchronise(true)
  await knocked
  serve(async (request, path) => {
    if (!path.startsWith('visits')) return json(changes([]))
    const { visits } = (await request.json()) as { visits: VisitBody[] }
    return json({ server_time, results: visits.map((visit) => accepted(visit)) })
  })
  await synchronise(true)
  cut(new TypeError('Failed to fetch'))
  await failing
  expect((await allVisits())[0].state).toBe('sent')
})

it('sends by itself once another page of the app has ended its exchange', async () => {
  serve(async (request, path) => {
    if (!path.startsWith('visits')) return json(changes([]))
    const { visits } = (await request.json()) as { visits: VisitBody[] }
    return json({ server_time, results: visits.map((visit) => accepted(visit)) })
  })
  let end = (): void => undefined
  const ended = new Promise<void>((done) => (end = done))
  let other = Promise.resolve(false)
  await new Promise<void>((begun) => {
    other = withLease('exchange', 'another page', () => {
      begun()
      return ended
    })
  })
  await save(1)
  await synchronise(true)
  expect(heard).toHaveLength(0)
  end()
  await other
  await soon(async () => expect((await allVisits())[0].state).toBe('sent'))
})

describe('the server', () => {
  const takes = async (request: Request, path: string) => {
    if (!path.startsWith('visits')) return json(changes([]))
    const { visits } = (await request.json()) as { visits: VisitBody[] }
    return json({ server_time, results: visits.map((visit) => accepted(visit)) })
  }

  afterEach(() => vi.useRealTimers())

  it('that asks to wait is left alone for so long, however hard the person presses, and then goes on by itself', async () => {
    await save(1)
    await allVisits()
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    serve(() => problem(429, 'too-many-requests', '请稍候', { 'Retry-After': '20' }))
    await synchronise(true)
    expect(heard).toHaveLength(1)
    await synchronise(true)
    expect(heard).toHaveLength(1)
    serve(takes)
    await vi.advanceTimersByTimeAsync(21_000)
    vi.useRealTimers()
    await soon(async () => expect((await allVisits())[0].state).toBe('sent'))
  })

  it('may name a moment instead, by its own clock and not by the phone’s', () => {
    const [date, later] = ['Mon, 23 Nov 2026 08:00:00 GMT', 'Mon, 23 Nov 2026 08:02:00 GMT']
    expect(waitAsked(later, date)).toBe(120_000)
    expect(waitAsked('7', date)).toBe(7_000)
    expect([waitAsked(null, date), waitAsked('soon', date), waitAsked(date, later)]).toEqual([0, 0, 0])
    expect(waitAsked('Mon, 23 Nov 2020 08:00:00 GMT', null)).toBe(0)
    expect(waitAsked('999999', null)).toBe(3_600_000)
  })

  it('says "nothing new" to a question it answered before, and the list stays', async () => {
    let answers = 0
    serve((request) => {
      if (request.headers.get('If-None-Match') === '"a"') return new Response(null, { status: 304, headers: { ETag: '"a"' } })
      answers += 1
      return json(changes(answers === 1 ? [door(1)] : [], { cursor: 7 }), 200, { ETag: '"a"' })
    })
    for (let n = 1; n <= 4; n += 1) await pullChanges(phone)
    expect(answers).toBe(2)
    expect(await allDoors()).toHaveLength(1)
    await adoptEnrolment({ ...phone, id: 'phone-2', token: 'token-2', posting: { ...phone.posting, id: 9 } })
    await pullChanges({ ...phone, id: 'phone-2', token: 'token-2' })
    expect(answers).toBe(3)
  })

  it('is asked for smaller pages while the network fails, and for whole ones again afterwards', async () => {
    serveNothing()
    const asked = (): number[] => heard.map((request) => Number(/budget=(\d+)/.exec(request.path)?.[1]))
    for (let n = 1; n <= 6; n += 1) await pullChanges(phone).catch(() => undefined)
    expect(asked()).toEqual([300_000, 150_000, 75_000, 37_500, 20_000, 20_000])
    serve(() => json(changes([])))
    for (let n = 1; n <= 6; n += 1) await pullChanges(phone)
    expect(asked()).toEqual([20_000, 40_000, 80_000, 160_000, 300_000, 300_000])
  })

  it('hears suggestions in the same exchange, and its answers reach the phone', async () => {
    await writeSuggestion('表太长', null)
    const [{ client_id }] = await allSuggestions()
    const news = [{ client_id, text: '表太长', state: 'answered' as const, answer: '已缩短', by: '李社区', at: server_time }]
    serve((_request, path) => {
      if (path === 'suggestions') return json({ results: [{ client_id, status: 'accepted', code: '', message: '' }] }, 201)
      return json(changes([], { suggestions: heard.some((request) => request.path === 'suggestions') ? news : [] }))
    })
    await synchronise(true)
    await synchronise(true)
    expect((await allSuggestions())[0]).toMatchObject({ state: 'sent', answer: { text: '已缩短' }, seen: false })
    expect(heard.filter((request) => request.path === 'suggestions')).toHaveLength(1)
  })

  it('restarted in the middle, with 502 and 503 from the proxy, gets everything once it is back', async () => {
    for (const task of [1, 2, 3]) await save(task)
    const gone = [new Response('<html>', { status: 502 }), problem(503, 'busy'), problem(503, 'database-away')]
    serve((request, path) => gone.shift() ?? takes(request, path))
    for (let n = 1; n <= 4; n += 1) await synchronise(true)
    expect((await allVisits()).map((visit) => visit.state)).toEqual(['sent', 'sent', 'sent'])
  })

  it('is asked at once when a rest was begun under a clock that was far ahead', async () => {
    const now = Date.now()
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(now + 86_400_000)
    serveNothing()
    await synchronise(true)
    vi.setSystemTime(now)
    await synchronise()
    expect(heard.length).toBeGreaterThan(1)
  })
})
