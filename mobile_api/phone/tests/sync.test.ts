import { beforeEach, describe, expect, it, vi } from 'vitest'
import { m } from '../src/messages'
import { allDoors, formOf, unlistedTarget } from '../src/store/doors'
import { adoptEnrolment, currentEnrolment, enrolmentOf, markEnrolment } from '../src/store/enrolments'
import { changePhoto, holdPhoto, keepPhoto, photoAgain, photosOf, photosToSend, pictureOf } from '../src/store/photos'
import { database } from '../src/store/db'
import { holdSuggestion, allSuggestions, writeSuggestion } from '../src/store/suggestions'
import { allVisits, holdVisit, saveVisit, visitOf, waitingVisits } from '../src/store/visits'
import { healFalseRefusals, putAllBack } from '../src/sync/again'
import { NoAnswer, Refused } from '../src/sync/client'
import { exportUnsent } from '../src/sync/export'
import { askWhetherRevoked, pullChanges } from '../src/sync/pull'
import { pushPhotos, pushVisits } from '../src/sync/push'
import { CHUNK } from '../src/sync/tus'
import { progress, synchronise } from '../src/sync/engine'
import { waitAfter } from '../src/sync/pace'
import type { VisitBody } from '../src/types'
import { changes, door, employerForm, freshPhone, phone, restart, save } from './cast'
import { TusServer, accepted, heard, json, problem, serve, serveNothing } from './server'

const keepGoing = async () => true
const server_time = new Date().toISOString()
const bodies = async (request: Request): Promise<VisitBody[]> => (await request.json()).visits
const takeAll = async (request: Request) => json({ server_time, results: (await bodies(request)).map((v) => accepted(v)) })

beforeEach(async () => {
  vi.unstubAllGlobals()
  await freshPhone()
})

describe('handing in', () => {
  it('sends batches of at most fifty, oldest first, each visit once', async () => {
    for (let i = 1; i <= 120; i += 1) await save(i)
    serve(takeAll)
    await pushVisits(keepGoing)
    const sizes = heard.map((h) => (h.body as { visits: VisitBody[] }).visits)
    expect(sizes.map((visits) => visits.length)).toEqual([50, 50, 20])
    expect(sizes[0][0].task_id).toBe(1)
    await pushVisits(keepGoing)
    expect(heard).toHaveLength(3)
  })

  it('keeps everything when there is no network, also over a restart', async () => {
    await save(1)
    serveNothing()
    await expect(pushVisits(keepGoing)).rejects.toBeInstanceOf(NoAnswer)
    await restart()
    expect((await waitingVisits(Date.now())).get(phone.id)).toHaveLength(1)
  })

  it('sends the same visit again when the answer was lost', async () => {
    await save(1)
    serve(() => {
      throw new TypeError('cut')
    })
    await pushVisits(keepGoing).catch(() => null)
    const first = (heard[0].body as { visits: VisitBody[] }).visits
    serve(takeAll)
    await pushVisits(keepGoing)
    expect((heard[0].body as { visits: VisitBody[] }).visits).toEqual(first)
  })

  it('does not take the page of a captive portal for an answer', async () => {
    await save(1)
    serve(() => new Response('<html>请登录</html>', { status: 200 }))
    await expect(pushVisits(keepGoing)).rejects.toBeInstanceOf(NoAnswer)
    expect((await allVisits())[0].state).toBe('waiting')
  })

  it('keeps the refused one with its reason and sends the others', async () => {
    const visits = [await save(1), await save(2), await save(3)]
    serve(async (request) => {
      const results = (await bodies(request)).map((v) =>
        v.task_id === 2 ? { ...accepted(v), status: 'refused', code: 'malformed-visit', message: '结果不认识' } : accepted(v),
      )
      return json({ server_time, results })
    })
    await pushVisits(keepGoing)
    expect((await allVisits()).map((v) => v.state)).toEqual(['sent', 'refused', 'sent'])
    expect((await visitOf(visits[1].client_id))?.result?.message).toBe('结果不认识')
  })

  it('halves a batch the server cannot read until the bad one stands alone', async () => {
    for (let i = 1; i <= 8; i += 1) await save(i)
    serve(async (request) => {
      const visits = await bodies(request.clone())
      return visits.some((v) => v.task_id === 6) ? problem(422, 'malformed-request', '读不懂') : takeAll(request)
    })
    await pushVisits(keepGoing)
    const states = (await allVisits()).map((v) => v.state)
    expect(states.filter((s) => s === 'sent')).toHaveLength(7)
    expect(states[5]).toBe('refused')
  })

  it('keeps and names a visit filled in on a form the server does not know, and fetches the one it does', async () => {
    await save(1)
    const stale = { code: 'stale-form-version', message: '已收到。表单版本不明，请更新应用。' }
    serve(async (request, path) => {
      if (path !== 'visits') return json(changes([], { forms: [{ ...employerForm, version: 4 }] }))
      return json({ server_time, results: (await bodies(request)).map((v) => ({ ...accepted(v), ...stale })) })
    })
    await synchronise(true)
    const [visit] = await allVisits()
    expect(visit).toMatchObject({ state: 'sent', result: stale, body: { form_version: 3, answers: { employees: 12 } } })
    expect(m.visit.note(visit.result?.code ?? '')).toContain('旧表单')
    expect(m.visit.note('')).toBe('')
    expect((await formOf('employer'))?.version).toBe(4)
  })

  it('leaves a visit waiting that the server said nothing of', async () => {
    await save(1)
    serve(() => json({ server_time, results: [] }))
    await pushVisits(keepGoing)
    expect((await allVisits())[0].state).toBe('waiting')
  })

  it('hands in under the token a visit was recorded with', async () => {
    await save(1)
    await adoptEnrolment({ ...phone, id: 'phone-2', token: 'token-2', person: { name: '王网格' } })
    await save(2)
    serve(takeAll)
    await pushVisits(keepGoing)
    expect(heard.map((h) => h.token)).toEqual(['token-1', 'token-2'])
  })

  it('stops after a batch when another tab has taken over', async () => {
    for (let i = 1; i <= 51; i += 1) await save(i)
    serve(takeAll)
    await expect(pushVisits(async () => false)).rejects.toBeInstanceOf(NoAnswer)
    expect(heard).toHaveLength(1)
    expect((await waitingVisits(Date.now())).get(phone.id)).toHaveLength(1)
  })

  it('waits without asking where the phone that recorded it is gone', async () => {
    await save(1)
    await (await database()).delete('enrolments', phone.id)
    serve(takeAll)
    await pushVisits(keepGoing)
    expect(heard).toEqual([])
  })
})

describe('a revoked phone', () => {
  it('hands in what it holds and sees nothing new', async () => {
    serve(() => json(changes([door(1)])))
    await pullChanges(phone)
    await save(1)
    serve((request, path) => (path === 'visits' ? takeAll(request) : problem(401, 'device-revoked')))
    await synchronise(true)
    expect((await enrolmentOf(phone.id))?.state).toBe('revoked')
    expect(await allDoors()).toEqual([])
    expect(heard.map((h) => h.path)).toContain('visits')
    expect(await allVisits()).toEqual([])
    serve(takeAll)
    await save(2)
    await synchronise(true)
    expect(heard.map((h) => h.path)).toEqual(['visits'])
    expect(await allVisits()).toEqual([])
  })

  it('works on with the token it has once it is revoked no more', async () => {
    await markEnrolment(phone.id, 'revoked')
    const revoked = (await currentEnrolment())!
    serve(() => problem(401, 'device-revoked'))
    await expect(askWhetherRevoked(revoked)).rejects.toBeInstanceOf(Refused)
    expect((await currentEnrolment())?.state).toBe('revoked')
    serve(() => json({ person: phone.person, posting: phone.posting }))
    await askWhetherRevoked(revoked)
    expect((await currentEnrolment())?.state).toBe('active')
    await askWhetherRevoked((await currentEnrolment())!)
    expect(heard).toHaveLength(1)
  })
})

describe('fetching', () => {
  it('asks page by page and names the forms it has', async () => {
    const pages = [
      changes([door(1)], { cursor: 5, more: true, forms: [employerForm] }),
      changes([door(2)], { cursor: 8, gone: [1] }),
    ]
    serve(() => json(pages.shift()))
    await pullChanges(phone)
    expect(heard[0].path).toBe('changes?cursor=0&limit=300&forms=&outcomes=&budget=300000')
    expect(heard[1].path).toBe('changes?cursor=5&limit=300&forms=employer%3A3&outcomes=&budget=300000')
    expect((await allDoors()).map((d) => d.task_id)).toEqual([2])
  })

  it('starts over when the server does not know the cursor any more', async () => {
    serve(() => json(changes([door(1), door(2)], { cursor: 50 })))
    await pullChanges(phone)
    serve(() => json(changes([door(2)], { cursor: 3 })))
    await pullChanges(phone)
    expect((await allDoors()).map((d) => d.task_id)).toEqual([2])
  })

  it('starts over when told so, and not because a colleague’s doors came or went with the cursor', async () => {
    serve(() => json(changes([door(1), door(2)], { cursor: '50,12:9', fresh: true })))
    await pullChanges(phone)
    serve(() => json(changes([], { cursor: 50, fresh: false, gone: [2] })))
    await pullChanges(phone)
    expect(heard[0].path).toContain('cursor=50%2C12%3A9')
    expect((await allDoors()).map((d) => d.task_id)).toEqual([1])
    serve(() => json(changes([door(3)], { cursor: '60,12:9', fresh: true })))
    await pullChanges(phone)
    expect((await allDoors()).map((d) => d.task_id)).toEqual([3])
  })

  it('goes on from the last whole page when the network goes', async () => {
    let asked = 0
    serve(() => {
      asked += 1
      if (asked === 2) throw new TypeError('cut')
      return json(changes([door(asked)], { cursor: asked * 10, more: asked === 1 }))
    })
    await expect(pullChanges(phone)).rejects.toBeInstanceOf(NoAnswer)
    await pullChanges(phone)
    expect(heard[2].path).toContain('cursor=10')
    expect(await allDoors()).toHaveLength(2)
  })
})

describe('pictures', () => {
  const bytes = Uint8Array.from({ length: CHUNK * 2 + 100 }, (_, i) => i % 251).buffer

  async function sentWithPhoto(server: TusServer): Promise<string> {
    const photo = await keepPhoto('task:1', 'refusal_photo', bytes)
    const visit = await save(1, [photo])
    serve(async (request, path) => {
      if (path === 'visits') return json({ server_time, results: (await bodies(request)).map((v) => accepted(v, [photo.sha256])) })
      return server.handle(request, path)
    })
    await pushVisits(keepGoing)
    return visit.client_id
  }

  it('go up in chunks and are then dropped from the phone', async () => {
    const server = new TusServer()
    const owner = await sentWithPhoto(server)
    await pushPhotos(keepGoing)
    const [upload] = server.uploads.values()
    expect(upload.bytes).toEqual([...new Uint8Array(bytes)])
    expect(upload.metadata).toContain(`visit ${btoa(owner)},sha256 `)
    const [photo] = await photosOf(owner)
    expect(photo.state).toBe('sent')
    expect(await pictureOf(photo.id)).toBeUndefined()
    expect(heard.filter((h) => h.method === 'PATCH')).toHaveLength(3)
  })

  it('go on in the middle after the network went and the app was killed', async () => {
    const server = new TusServer()
    const owner = await sentWithPhoto(server)
    server.chunksUntilCut = 1
    await expect(pushPhotos(keepGoing)).rejects.toBeInstanceOf(NoAnswer)
    expect((await photosOf(owner))[0].offset).toBe(CHUNK)
    await restart()
    server.chunksUntilCut = Infinity
    await pushPhotos(keepGoing)
    expect(server.uploads.size).toBe(1)
    expect(server.uploads.get('uploads/1')?.bytes).toHaveLength(bytes.byteLength)
  })

  it('ask the server where it stands when an answer was lost', async () => {
    const server = new TusServer()
    const owner = await sentWithPhoto(server)
    server.answerLost = true
    await pushPhotos(keepGoing).catch(() => null)
    await pushPhotos(keepGoing)
    expect(server.uploads.get('uploads/1')?.bytes).toEqual([...new Uint8Array(bytes)])
    expect((await photosOf(owner))[0].state).toBe('sent')
  })

  it('find the upload begun before, and do not send what is there already', async () => {
    const server = new TusServer()
    const owner = await sentWithPhoto(server)
    server.chunksUntilCut = 2
    await pushPhotos(keepGoing).catch(() => null)
    const [photo] = await photosOf(owner)
    await changePhoto(photo.id, { upload: '', offset: 0 })
    server.chunksUntilCut = Infinity
    heard.length = 0
    await pushPhotos(keepGoing)
    expect(heard.map((h) => h.method)).toEqual(['POST', 'PATCH'])
    expect(server.uploads.size).toBe(1)
    expect((await photosOf(owner))[0].state).toBe('sent')
  })

  it('start over once the server has forgotten the upload or found the hash wrong', async () => {
    const server = new TusServer()
    const owner = await sentWithPhoto(server)
    server.wrongHash = 1
    await pushPhotos(keepGoing).catch(() => null)
    expect((await photosOf(owner))[0]).toMatchObject({ state: 'waiting', upload: '', wrong: 1 })
    await pushPhotos(keepGoing)
    expect((await photosOf(owner))[0].state).toBe('sent')
  })

  it('stay on the phone with the reason when the server will not have them', async () => {
    const server = new TusServer()
    const owner = await sentWithPhoto(server)
    serve(() => problem(413, 'upload-too-large', '照片太大'))
    await pushPhotos(keepGoing)
    const [photo] = await photosOf(owner)
    expect(photo).toMatchObject({ state: 'refused', reason: '照片太大' })
    expect(await pictureOf(photo.id)).toBeDefined()
    await healFalseRefusals()
    expect((await photosOf(owner))[0].state).toBe('refused')
  })

  it('that are held back rest, and go at once when the person says so', async () => {
    const server = new TusServer()
    const owner = await sentWithPhoto(server)
    await holdPhoto((await photosOf(owner))[0], 403)
    await pushPhotos(keepGoing)
    expect(server.uploads.size).toBe(0)
    await photoAgain((await photosOf(owner))[0])
    await pushPhotos(keepGoing)
    expect((await photosOf(owner))[0].state).toBe('sent')
  })

  it('begin anew at the next turn where the server forgets them in the middle', async () => {
    const server = new TusServer()
    const owner = await sentWithPhoto(server)
    serve((request, path) => {
      if (request.method === 'PATCH') server.uploads.clear()
      return server.handle(request, path)
    })
    await expect(pushPhotos(keepGoing)).rejects.toBeInstanceOf(Refused)
    expect((await photosOf(owner))[0]).toMatchObject({ state: 'waiting', upload: '', offset: 0 })
    serve((request, path) => server.handle(request, path))
    await pushPhotos(keepGoing)
    expect((await photosOf(owner))[0].state).toBe('sent')
  })

  it('stand refused once they were spoilt on the way three times', async () => {
    const server = new TusServer()
    const owner = await sentWithPhoto(server)
    server.wrongHash = 3
    for (const times of [1, 2]) {
      await expect(pushPhotos(keepGoing)).rejects.toBeInstanceOf(NoAnswer)
      expect((await photosOf(owner))[0]).toMatchObject({ state: 'waiting', wrong: times })
    }
    await pushPhotos(keepGoing)
    expect((await photosOf(owner))[0]).toMatchObject({ state: 'refused', code: 'photo-hash-wrong' })
  })

  it('wait while the token is not taken, and for the next turn when another tab has taken over', async () => {
    const server = new TusServer()
    const owner = await sentWithPhoto(server)
    serve(() => problem(401, 'device-unknown'))
    await expect(pushPhotos(keepGoing)).rejects.toBeInstanceOf(Refused)
    expect((await currentEnrolment())?.state).toBe('unknown')
    expect((await photosOf(owner))[0].state).toBe('waiting')
    const other = await keepPhoto('task:2', 'refusal_photo', bytes.slice(1))
    const second = await save(2, [other])
    serve(async (request, path) => {
      if (path !== 'visits') return server.handle(request, path)
      return json({ server_time, results: (await bodies(request)).map((v) => accepted(v, [other.sha256])) })
    })
    await pushVisits(keepGoing)
    await pushPhotos(async () => false)
    expect([...(await photosOf(owner)), ...(await photosOf(second.client_id))].map(({ state }) => state).sort()).toEqual(['sent', 'waiting'])
  })

  it('without their bytes, or of a phone that is gone, stop nothing', async () => {
    const owner = await sentWithPhoto(new TusServer())
    await (await database()).clear('pictures')
    heard.length = 0
    await pushPhotos(keepGoing)
    expect(JSON.parse(await exportUnsent()).photos).toEqual([])
    await (await database()).delete('enrolments', phone.id)
    await pushPhotos(keepGoing)
    expect(heard).toEqual([])
    expect((await photosOf(owner))[0].state).toBe('waiting')
  })

  it('are in the file of what is unsent', async () => {
    const photo = await keepPhoto('task:1', 'refusal_photo', bytes)
    await save(1, [photo])
    const file = JSON.parse(await exportUnsent())
    expect(file.visits).toHaveLength(1)
    expect(atob(file.photos[0].jpeg)).toHaveLength(bytes.byteLength)
    expect(JSON.stringify(file)).not.toContain(phone.token)
  })

  it('are named there by the unit they show, listed or not', async () => {
    const unlisted = { name: '路边 修车/补胎', credit_code: '', address: '', kind: 'employer', lng: null, lat: null }
    const photos = [await keepPhoto('new:1', 'shop', bytes)]
    const saving = { form: employerForm, outcome: 'done' as const, answers: {}, replaces: null, corrects: null, awaitPosition: false }
    await saveVisit({ ...saving, key: 'new:1', target: unlistedTarget('HBW9'), photos, unlisted })
    await saveVisit({ ...saving, key: 'new:2', target: unlistedTarget('HBW8'), photos: [await keepPhoto('new:2', 'shop', bytes)] })
    await keepPhoto('new:3', 'shop', bytes)
    const files = JSON.parse(await exportUnsent()).photos.map(({ file }: { file: string }) => file.replace(/[0-9a-f]{8}\.jpg$/, ''))
    expect(files.sort()).toEqual(['shop-', 'shop-', '路边修车补胎-shop-'])
  })
})

it('puts everything back that is held back, and leaves alone what simply waits', async () => {
  const photos = [await keepPhoto('task:1', 'a', new ArrayBuffer(3)), await keepPhoto('task:1', 'b', new ArrayBuffer(4))]
  const [visit] = [await save(1, photos), await save(2)]
  await writeSuggestion('甲', null)
  await writeSuggestion('乙', null)
  await holdVisit(visit, 403)
  await holdPhoto(photos[0], 403)
  await holdSuggestion((await allSuggestions())[0], 403)
  const held = async () => [...(await allVisits()), ...(await photosOf(visit.client_id)), ...(await allSuggestions())].filter((one) => one.held)
  expect(await held()).toHaveLength(3)
  await putAllBack()
  expect(await held()).toEqual([])
  expect((await waitingVisits(Date.now())).get(phone.id)).toHaveLength(2)
  expect((await photosToSend()).size).toBe(0)
})

describe('the engine', () => {
  it('says that there is no signal where the phone says so', async () => {
    vi.stubGlobal('navigator', { onLine: false })
    serveNothing()
    await synchronise(true)
    expect(progress.trouble).toBe('offline')
  })

  it('fetches nothing for nobody, and hands in all the same', async () => {
    await save(1)
    await (await database()).delete('facts', 'current')
    serve(takeAll)
    await synchronise(true)
    expect(heard.map(({ path, token }) => [path, token])).toEqual([['visits', phone.token]])
    expect(progress.trouble).toBe('none')
  })

  it('goes on fetching when what waits cannot be read, and says that it comes later', async () => {
    const visit = await save(1)
    const rows = await database()
    const row = (await rows.get('visits', visit.client_id))!
    await restart()
    await (await database()).put('visits', { ...row, rev: 9, box: { iv: new Uint8Array(12), data: new ArrayBuffer(40) } })
    const said = vi.spyOn(console, 'error').mockReturnValue()
    serve(() => json(changes([door(1)])))
    await synchronise(true)
    expect(said).toHaveBeenCalledOnce()
    said.mockRestore()
    expect(progress.trouble).toBe('later')
    expect(await database().then((db) => db.count('blocks'))).toBe(1)
  })

  it('waits longer after each failure, up to a quarter of an hour', () => {
    expect([1, 2, 3].map((n) => waitAfter(n, 1))).toEqual([5_000, 10_000, 20_000])
    expect(waitAfter(30, 1)).toBe(900_000)
    expect(waitAfter(1, 0)).toBe(2_500)
  })

  it('rests after a failure, and goes at once when asked', async () => {
    await save(1)
    serveNothing()
    await synchronise(true)
    expect(progress.trouble).toBe('unreachable')
    const before = heard.length
    await synchronise()
    expect(heard).toHaveLength(before)
    serve((request, path) => (path === 'visits' ? takeAll(request) : json(changes([door(1)]))))
    await synchronise(true)
    expect(progress.trouble).toBe('none')
    expect((await allVisits())[0].state).toBe('sent')
    expect((await currentEnrolment())?.state).toBe('active')
  })
})
