import { beforeEach, expect, it, vi } from 'vitest'
import { allVisits } from '../src/store/visits'
import { synchronise } from '../src/sync/engine'
import type { VisitBody } from '../src/types'
import { changes, freshPhone, save } from './cast'
import { accepted, json, serve } from './server'

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
