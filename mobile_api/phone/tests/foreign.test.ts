/** Whoever answers in the server's place refuses nothing, takes nothing, ends nothing; and a clean network gets it all. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { allDoors, applyChanges } from '../src/store/doors'
import { enrolmentOf, markEnrolment } from '../src/store/enrolments'
import { keepPhoto, photosOf } from '../src/store/photos'
import { allSuggestions, writeSuggestion } from '../src/store/suggestions'
import { allVisits, visitOf } from '../src/store/visits'
import { NoAnswer, ask } from '../src/sync/client'
import { progress, synchronise } from '../src/sync/engine'
import { enrol } from '../src/sync/enrol'
import { lookUp } from '../src/sync/lookup'
import { pullChanges } from '../src/sync/pull'
import { pushPhotos, pushVisits } from '../src/sync/push'
import { MEANINGS } from '../src/sync/refusals'
import known from '../src/sync/refusals.json'
import { isMe } from '../src/sync/shapes'
import { pushSuggestions } from '../src/sync/suggestions'
import type { VisitBody } from '../src/types'
import { changes, door, freshPhone, phone, save } from './cast'
import { FOREIGN } from './foreign'
import { type Handler, TusServer, accepted, heard, json, problem, serve } from './server'

const keepGoing = async (): Promise<boolean> => true
const server_time = new Date().toISOString()

/** Our server, which counts: every visit, picture and suggestion by its number, however often it comes. */
class Ours {
  visits = new Map<string, string>()
  suggestions = new Set<string>()
  tus = new TusServer()
  doubled = 0
  wanted: string[] = []

  readonly answer: Handler = async (request, path) => {
    if (path === 'visits') return this.takeVisits(((await request.json()) as { visits: VisitBody[] }).visits)
    if (path === 'suggestions') return this.takeSuggestions(((await request.json()) as { items: { client_id: string }[] }).items)
    if (path.startsWith('uploads')) return this.tus.handle(request, path)
    return json(changes([door(1)]))
  }

  private takeVisits(visits: VisitBody[]): Response {
    const results = visits.map((visit) => {
      const text = JSON.stringify(visit)
      const before = this.visits.get(visit.client_id)
      if (before !== undefined && before !== text) this.doubled += 1
      this.visits.set(visit.client_id, text)
      return { ...accepted(visit, this.wanted), status: before ? 'repeated' : 'accepted' }
    })
    return json({ server_time, results })
  }

  private takeSuggestions(items: { client_id: string }[]): Response {
    items.forEach(({ client_id }) => this.suggestions.add(client_id))
    return json({ results: items.map(({ client_id }) => ({ client_id, status: 'accepted', code: '', message: '' })) })
  }
}

const bytes = Uint8Array.from({ length: 66_000 }, (_, at) => at % 251).buffer
let ours: Ours

beforeEach(async () => {
  vi.unstubAllGlobals()
  await freshPhone()
  ours = new Ours()
})

async function visitWithPhoto(): Promise<string> {
  const photo = await keepPhoto('task:1', 'refusal_photo', bytes)
  ours.wanted = [photo.sha256]
  return (await save(1, [photo])).client_id
}

describe.each(FOREIGN)('%s', (_name, foreign) => {
  it('leaves visits, pictures, suggestions and doors as they are, and all goes once it is gone', async () => {
    await applyChanges(changes([door(1), door(2)]), phone.id)
    const owner = await visitWithPhoto()
    for (const task of [2, 3, 4, 5, 6]) await save(task)
    await writeSuggestion('表太长', null)

    serve(foreign)
    await expect(pushVisits(keepGoing)).rejects.toBeInstanceOf(NoAnswer)
    expect(heard.length).toBeLessThanOrEqual(2)
    await expect(pushSuggestions()).rejects.toBeInstanceOf(NoAnswer)
    await expect(pullChanges(phone)).rejects.toBeInstanceOf(NoAnswer)
    expect(new Set((await allVisits()).map(({ state }) => state))).toEqual(new Set(['waiting']))
    expect((await allSuggestions())[0].state).toBe('waiting')
    expect(await allDoors()).toHaveLength(2)
    expect((await enrolmentOf(phone.id))?.state).toBe('active')

    serve(ours.answer)
    await pushVisits(keepGoing)
    serve(foreign)
    await expect(pushPhotos(keepGoing)).rejects.toBeInstanceOf(NoAnswer)
    expect((await photosOf(owner))[0]).toMatchObject({ state: 'waiting', offset: 0 })

    serve(ours.answer)
    await synchronise(true)
    expect(progress.trouble).toBe('none')
    expect([ours.visits.size, ours.suggestions.size, ours.tus.uploads.size, ours.doubled]).toEqual([6, 1, 1, 0])
    expect(ours.tus.uploads.get('uploads/1')?.bytes).toHaveLength(bytes.byteLength)
    expect((await allVisits()).every(({ state }) => state === 'sent')).toBe(true)
    expect((await photosOf(owner))[0].state).toBe('sent')
    expect((await allSuggestions())[0].state).toBe('sent')
  })

  it('stops a picture in its middle for no longer than it lasts', async () => {
    const owner = await visitWithPhoto()
    let pieces = 0
    serve((request, path) => (request.method === 'PATCH' && (pieces += 1) === 2 ? foreign(request, path) : ours.answer(request, path)))
    await pushVisits(keepGoing)
    await expect(pushPhotos(keepGoing)).rejects.toBeInstanceOf(NoAnswer)
    expect((await photosOf(owner))[0].state).toBe('waiting')
    await pushPhotos(keepGoing)
    expect(ours.tus.uploads.get('uploads/1')?.bytes).toEqual([...new Uint8Array(bytes)])
    expect((await photosOf(owner))[0].state).toBe('sent')
  })

  it('is no word of the server about anything else that is asked', async () => {
    serve(foreign)
    const found = { name: '示例', credit_code: '', address: '', kind: '', lng: null, lat: null }
    await expect(enrol('ABC', '手机')).rejects.toBeInstanceOf(NoAnswer)
    await expect(lookUp(found, phone)).rejects.toBeInstanceOf(NoAnswer)
    await expect(ask('me', isMe, { token: phone.token })).rejects.toBeInstanceOf(NoAnswer)
  })
})

describe('one that somebody on the way does not let pass', () => {
  const blocked = new Response('<html>blocked</html>', { status: 403 })

  it('is held back alone, told after a while, and never tried in a circle', async () => {
    for (let task = 1; task <= 50; task += 1) await save(task)
    const bad = (await allVisits())[6].client_id
    serve(async (request, path) => ((await request.clone().text()).includes(bad) ? blocked.clone() : ours.answer(request, path)))
    await pushVisits(keepGoing)
    expect(heard.length).toBeLessThan(25)
    expect(ours.visits.size).toBe(49)
    expect(await visitOf(bad)).toMatchObject({ state: 'waiting', held: { times: 1, status: 403 } })
    const before = heard.length
    await pushVisits(keepGoing)
    expect(heard).toHaveLength(before)
    await writeSuggestion('别的照送', null)
    await synchronise(true)
    expect(ours.suggestions.size).toBe(1)
  })

  it('is asked for seldom, some twenty times in a day', async () => {
    const visit = await save(1)
    serve(async (request, path) => ((await request.clone().text()).includes(visit.client_id) ? blocked.clone() : ours.answer(request, path)))
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      for (let minute = 0; minute < 24 * 60; minute += 5) {
        await pushVisits(keepGoing)
        vi.setSystemTime(Date.now() + 300_000)
      }
    } finally {
      vi.useRealTimers()
    }
    expect(heard.filter(({ body }) => JSON.stringify(body).includes(visit.client_id)).length).toBeLessThan(20)
  })

  it('may be a picture, and the next picture goes', async () => {
    const first = await visitWithPhoto()
    const other = await keepPhoto('task:2', 'refusal_photo', new Uint8Array(20).fill(9).buffer)
    ours.wanted.push(other.sha256)
    const second = (await save(2, [other])).client_id
    serve((request, path) => {
      const isFirst = atob((request.headers.get('Upload-Metadata') ?? '').split(/[ ,]/)[1] ?? '') === first
      return isFirst ? new Response('too large', { status: 413 }) : ours.answer(request, path)
    })
    await pushVisits(keepGoing)
    await pushPhotos(keepGoing)
    expect((await photosOf(first))[0]).toMatchObject({ state: 'waiting', held: { times: 1, status: 413 } })
    expect((await photosOf(second))[0].state).toBe('sent')
  })

  it('does not cost a request each where nothing is let pass but the empty question', async () => {
    for (let task = 1; task <= 40; task += 1) await save(task)
    serve(async (request, path) => {
      const { visits } = (await request.clone().json()) as { visits: unknown[] }
      return visits.length ? blocked.clone() : ours.answer(request, path)
    })
    await expect(pushVisits(keepGoing)).rejects.toBeInstanceOf(NoAnswer)
    expect(heard.length).toBeLessThan(25)
  })

  it('may be one the server itself stumbles over', async () => {
    for (const task of [1, 2, 3]) await save(task)
    const bad = (await allVisits())[1].client_id
    serve(async (request, path) => ((await request.clone().text()).includes(bad) ? problem(500, 'server-fault') : ours.answer(request, path)))
    await pushVisits(keepGoing)
    expect((await allVisits()).map(({ state }) => state)).toEqual(['sent', 'waiting', 'sent'])
  })
})

describe('the token', () => {
  it('that was taken for unknown is good again at the first answer of the server', async () => {
    await markEnrolment(phone.id, 'unknown')
    serve(ours.answer)
    await synchronise(true)
    expect((await enrolmentOf(phone.id))?.state).toBe('active')
    expect(await allDoors()).toHaveLength(1)
  })

  it('is ended by the server’s own words alone', async () => {
    serve(() => problem(401, 'device-unknown'))
    await synchronise(true)
    expect((await enrolmentOf(phone.id))?.state).toBe('unknown')
    serve(() => problem(401, 'device-revoked'))
    await synchronise(true)
    expect((await enrolmentOf(phone.id))?.state).toBe('revoked')
  })
})

it('knows what every code of the server means for what was sent', () => {
  const codes = new Set(Object.values(known.refusals).flatMap((codesOfStatus) => Object.keys(codesOfStatus)))
  expect([...codes].filter((code) => !(code in MEANINGS))).toEqual([])
  expect(Object.keys(MEANINGS).filter((code) => !codes.has(code))).toEqual([])
})

it('no order of foreign answers loses or doubles anything once the network is clean', async () => {
  const at = fc.integer({ min: 0, max: FOREIGN.length - 1 })
  const what = fc.constantFrom('visit', 'photo', 'suggestion', 'send', 'send', 'clean')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(what, at), { minLength: 2, maxLength: 10 }), async (acts) => {
      await freshPhone()
      ours = new Ours()
      vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
      let [visits, suggestions, photos] = [0, 0, 0]
      for (const [act, index] of acts) {
        serve(act === 'clean' ? ours.answer : FOREIGN[index][1])
        if (act === 'visit') await save((visits += 1))
        if (act === 'suggestion') await writeSuggestion(String((suggestions += 1)), null)
        if (act === 'photo') {
          const photo = await keepPhoto(`task:${visits + 1}`, 'refusal_photo', new Uint8Array(30).fill((photos += 1)).buffer)
          ours.wanted.push(photo.sha256)
          await save((visits += 1), [photo])
        }
        await synchronise(true)
        vi.setSystemTime(Date.now() + 20_000)
      }
      serve(ours.answer)
      for (let round = 0; round < 3; round += 1) {
        vi.setSystemTime(Date.now() + 5 * 3_600_000)
        await synchronise(true)
      }
      vi.useRealTimers()
      expect([ours.visits.size, ours.suggestions.size, ours.tus.uploads.size, ours.doubled]).toEqual([visits, suggestions, photos, 0])
      expect((await allVisits()).every(({ state }) => state === 'sent')).toBe(true)
      expect((await allSuggestions()).every(({ state }) => state === 'sent')).toBe(true)
    }),
    { numRuns: Number(import.meta.env.VITE_LAWS ?? 60), endOnFailure: false },
  )
}, 240_000)
