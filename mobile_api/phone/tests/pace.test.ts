// @vitest-environment jsdom
/** How often a phone asks: by the minute in a hand, seldom on a table, never unseen; at once when it comes back. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { pollAfter, spreadOf } from '../src/sync/pace'
import { startEngine, synchronise } from '../src/sync/engine'
import { keepPhoto } from '../src/store/photos'
import { allVisits, takeResults } from '../src/store/visits'
import { soon } from './patience'
import { accepted, heard, json, problem, serve } from './server'
import { changes, freshPhone, save } from './cast'

const MINUTE = 60_000
let stop = (): void => undefined
let visibility: DocumentVisibilityState = 'visible'
Object.defineProperty(document, 'visibilityState', { get: () => visibility })

const asked = (): number => heard.filter(({ path }) => path.startsWith('changes')).length
const settled = (): Promise<void> => soon(() => expect(asked()).toBeGreaterThan(0))

const realTimeout = setTimeout

/** Time passes in steps, with a moment after each for what a timer has begun. */
async function passes(minutes: number): Promise<void> {
  for (let at = 0; at < minutes * 3; at += 1) {
    await vi.advanceTimersByTimeAsync(MINUTE / 3)
    await new Promise((done) => realTimeout(done, 5))
  }
}

function shows(state: DocumentVisibilityState): void {
  visibility = state
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(async () => {
  vi.unstubAllGlobals()
  visibility = 'visible'
  await freshPhone()
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'performance'] })
  serve(() => json(changes([])))
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

it('slows down from a minute to five while nobody touches it, spread, and never beyond', () => {
  expect([0, 5, 10, 60].map((minutes) => pollAfter(minutes * MINUTE, 1))).toEqual([60_000, 180_000, 300_000, 300_000])
  expect([0, 60].map((minutes) => pollAfter(minutes * MINUTE, 0))).toEqual([48_000, 240_000])
  expect([2_000, 60_000, 3_600_000].map((wait) => spreadOf(wait, 1))).toEqual([500, 2_400, 30_000])
})

it('asks seldom when it lies idle, and by the minute again once it is touched', async () => {
  stop = startEngine()
  await settled()
  await passes(60)
  const idle = asked()
  expect(idle).toBeGreaterThan(8)
  expect(idle).toBeLessThan(20)
  for (let minute = 0; minute < 10; minute += 1) {
    dispatchEvent(new Event('pointerdown'))
    await passes(1)
  }
  expect(asked() - idle).toBeGreaterThan(5)
  expect(asked() - idle).toBeLessThan(15)
})

it('asks nothing while it is hidden, and at once when it is looked at again', async () => {
  stop = startEngine()
  await settled()
  shows('hidden')
  const before = asked()
  await passes(40)
  expect(asked()).toBe(before)
  shows('visible')
  dispatchEvent(new Event('focus'))
  await soon(() => expect(asked()).toBe(before + 1))
})

it('goes on sending what waits while it is hidden', async () => {
  serve(() => new Response('<html>', { status: 502 }))
  stop = startEngine()
  await save(1)
  shows('hidden')
  await passes(3)
  serve(async (request, path) => {
    if (path !== 'visits') return json(changes([]))
    const { visits } = JSON.parse(await request.text())
    return json({ server_time: new Date().toISOString(), results: visits.map((visit: never) => accepted(visit)) })
  })
  await passes(16)
  expect((await allVisits())[0].state).toBe('sent')
})

it('lets pictures wait as long as the server has no room for them, and sends visits meanwhile', async () => {
  const photo = await keepPhoto('task:1', 'refusal_photo', new Uint8Array(30).fill(1).buffer)
  const first = await save(1, [photo])
  await takeResults([accepted(first.body, [photo.sha256])], new Date().toISOString())
  serve(async (request, path) => {
    if (path.startsWith('uploads')) return problem(507, 'no-room', '存储空间不足', { 'Retry-After': '600' })
    if (path !== 'visits') return json(changes([]))
    const { visits } = JSON.parse(await request.text())
    return json({ server_time: new Date().toISOString(), results: visits.map((visit: never) => accepted(visit)) })
  })
  await synchronise(true)
  const { progress } = await import('../src/sync/engine')
  expect(progress.trouble).toBe('no-room')
  await save(2)
  await synchronise(true)
  expect((await allVisits()).map(({ state }) => state)).toEqual(['sent', 'sent'])
  expect(heard.filter(({ path }) => path.startsWith('uploads'))).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(11 * MINUTE)
  await synchronise(true)
  expect(heard.filter(({ path }) => path.startsWith('uploads'))).toHaveLength(2)
})
