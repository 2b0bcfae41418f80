import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { database } from '../src/store/db'
import { allDoors, applyChanges, cursor, doorOf } from '../src/store/doors'
import { allDrafts, changeDraft, draftOf, dropDraft } from '../src/store/drafts'
import { adoptEnrolment, currentEnrolment, markEnrolment, othersUnsent, wipeFinished } from '../src/store/enrolments'
import { allPhotos, keepPhoto, photosOf, pictureOf } from '../src/store/photos'
import { makeRoom } from '../src/store/room'
import { sealWhatIsClear } from '../src/store/sealing'
import { allSuggestions, writeSuggestion } from '../src/store/suggestions'
import { targetOf } from '../src/store/doors'
import { Locked, WrongPin, hasPin, isLocked, lock, pinWait, removePin, setPin, unlock, waitAfterWrong } from '../src/store/vault'
import { allVisits, takeResults, visitOf, waitingVisits } from '../src/store/visits'
import { exportUnsent } from '../src/sync/export'
import { pullChanges } from '../src/sync/pull'
import { pushPhotos, pushVisits } from '../src/sync/push'
import { pushSuggestions } from '../src/sync/suggestions'
import type { Enrolment, VisitBody } from '../src/types'
import { everythingAsText } from './lying'
import { changes, door, freshPhone, phone, restart, save } from './cast'
import { TusServer, accepted, heard, json, serve } from './server'

const keepGoing = async () => true
const bytes = Uint8Array.from({ length: 3000 }, (_, at) => at % 250).buffer
const server_time = new Date().toISOString()
const takeAll = async (request: Request) => {
  const { visits } = (await request.json()) as { visits: VisitBody[] }
  return json({ server_time, results: visits.map((visit) => accepted(visit)) })
}
const second: Enrolment = {
  ...phone, id: 'phone-2', token: 'token-2', person: { name: '王网格' }, posting: { ...phone.posting, id: 6 },
}

beforeEach(async () => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
  await freshPhone()
})
afterEach(() => vi.useRealTimers())

async function fillPhone(): Promise<void> {
  await applyChanges(changes([door(1), door(2)]), phone.id)
  await changeDraft('task:2', targetOf(door(2)), { values: { remark: '会计在' } })
  const photo = await keepPhoto('task:1', 'refusal_photo', bytes)
  await save(1, [photo])
  await writeSuggestion('表太长', null)
}

async function expectFilled(): Promise<void> {
  expect(await allDoors()).toHaveLength(2)
  expect((await draftOf('task:2'))?.values).toEqual({ remark: '会计在' })
  expect((await allVisits())[0].body.answers).toEqual({ operating: 'yes', employees: 12 })
  expect((await allSuggestions())[0].text).toBe('表太长')
  expect(new Uint8Array((await pictureOf((await allPhotos())[0].id)) as ArrayBuffer)).toEqual(new Uint8Array(bytes))
}

describe('what lies on the phone', () => {
  it('cannot be read in the database, and is all there after a restart', async () => {
    await fillPhone()
    const text = await everythingAsText()
    for (const word of ['会计在', '示例单位', '新华街', '表太长', 'employees']) expect(text).not.toContain(word)
    expect(text).not.toContain(new TextDecoder().decode(bytes.slice(0, 200)))
    await restart()
    await expectFilled()
  })

  it('never lets its key out', async () => {
    const exported = vi.spyOn(crypto.subtle, 'exportKey')
    await fillPhone()
    await restart()
    await expectFilled()
    expect(exported).not.toHaveBeenCalled()
  })

  it('keeps every door through many changes, and rewrites the blocks concerned alone', async () => {
    const many = Array.from({ length: 300 }, (_, at) => door(at + 1))
    await applyChanges(changes(many), phone.id)
    const before = await (await database()).getAll('blocks')
    await applyChanges(changes([door(5, { why: '新' }), door(301)], { gone: [6, 7], cursor: 9 }), phone.id)
    const after = await (await database()).getAll('blocks')
    const changed = after.filter((row) => JSON.stringify(row.ids) !== JSON.stringify(before.find((former) => former.id === row.id)?.ids))
    expect(changed.map((row) => row.id)).toEqual([0, 4])
    await restart()
    expect(new Set((await allDoors()).map((door) => door.task_id)).size).toBe(299)
    expect((await doorOf(5))?.why).toBe('新')
    expect(await doorOf(6)).toBeUndefined()
  })

  it('keeps doors in the page alone where the browser cannot seal, and loses nothing typed', async () => {
    const subtle = crypto.subtle
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto), subtle: undefined })
    await applyChanges(changes([door(1)]), phone.id)
    await save(1)
    await changeDraft('task:2', targetOf(door(2)), { values: { remark: '会计在' } })
    expect(await allDoors()).toHaveLength(1)
    expect(await cursor()).toBe(7)
    await (await database()).put('blocks', { id: 0, enrolment: phone.id, rev: 1, ids: [2], box: { clear: [door(2)] } })
    await sealWhatIsClear()
    expect(await (await database()).count('blocks')).toBe(0)
    await restart()
    expect(await cursor()).toBe(0)
    expect(await allDoors()).toEqual([])
    expect((await waitingVisits(Date.now())).get(phone.id)).toHaveLength(1)
    vi.unstubAllGlobals()
    expect(crypto.subtle).toBe(subtle)
    await sealWhatIsClear()
    expect(await everythingAsText()).not.toContain('会计在')
    expect((await draftOf('task:2'))?.values).toEqual({ remark: '会计在' })
  })
})

describe('a box', () => {
  it('that lies clear under a PIN waits for it, and is sealed once it is given', async () => {
    await writeSuggestion('表太长', null)
    const db = await database()
    const [row] = await db.getAll('suggestions')
    await db.put('suggestions', { ...row, box: { clear: { text: '表太长' } } })
    await setPin(phone.id, '2580')
    await restart()
    await sealWhatIsClear()
    expect(await everythingAsText()).toContain('表太长')
    await unlock(phone.id, '2580')
    await sealWhatIsClear()
    expect(await everythingAsText()).not.toContain('表太长')
    expect((await allSuggestions())[0].text).toBe('表太长')
  })

  it('that lies clear where the key belongs opens nothing', async () => {
    await fillPhone()
    const db = await database()
    const row = (await db.get('keys', phone.id))!
    await db.put('keys', { ...row, wrapped: { clear: new ArrayBuffer(32) } })
    const [visit] = await db.getAll('visits')
    await restart()
    await expect(allVisits()).rejects.toThrow('clear box')
    await (await database()).put('visits', { ...visit, box: { clear: {} } })
    await expect(sealWhatIsClear()).rejects.toThrow('clear box')
  })

  it('that cannot be read is not taken for one that is locked', async () => {
    await writeSuggestion('表太长', null)
    const db = await database()
    const [row] = await db.getAll('suggestions')
    await db.put('suggestions', { ...row, box: { iv: new Uint8Array(12), data: new ArrayBuffer(40) } })
    await expect(pushSuggestions(keepGoing)).rejects.toMatchObject({ name: 'OperationError' })
  })
})

describe('the PIN', () => {
  it('seals the token too, opens everything when given, and changes and goes with the old one alone', async () => {
    await fillPhone()
    await setPin(phone.id, '2580')
    expect(await everythingAsText()).not.toContain(phone.token)
    await expectFilled()
    await restart()
    expect(await isLocked(phone.id)).toBe(true)
    expect((await currentEnrolment())?.token).toBe('')
    await expect(allVisits()).rejects.toBeInstanceOf(Locked)
    await expect(unlock(phone.id, '0000')).rejects.toBeInstanceOf(WrongPin)
    await unlock(phone.id, '2580')
    expect((await currentEnrolment())?.token).toBe(phone.token)
    await expectFilled()
    await expect(setPin(phone.id, '1111', '9999')).rejects.toBeInstanceOf(WrongPin)
    await setPin(phone.id, '1111', '2580')
    await restart()
    await expect(unlock(phone.id, '2580')).rejects.toBeInstanceOf(WrongPin)
    await unlock(phone.id, '1111')
    await removePin(phone.id, '1111')
    await restart()
    expect(await hasPin(phone.id)).toBe(false)
    await expectFilled()
  })

  it('takes at least 300,000 rounds', async () => {
    await setPin(phone.id, '2580')
    expect((await (await database()).get('keys', phone.id))?.pin?.iterations).toBeGreaterThanOrEqual(300_000)
  })

  it('lets one wait longer after five wrong tries, also over a restart', async () => {
    expect([4, 5, 6, 7, 40].map(waitAfterWrong)).toEqual([0, 30_000, 60_000, 120_000, 3_600_000])
    await setPin(phone.id, '2580')
    await restart()
    for (let n = 1; n <= 5; n += 1) await expect(unlock(phone.id, '0000')).rejects.toBeInstanceOf(WrongPin)
    await restart()
    const refused: WrongPin = await unlock(phone.id, '2580').then(() => { throw new Error('opened') }, (error) => error)
    expect(refused.wait).toBeGreaterThan(25_000)
    vi.setSystemTime(Date.now() + 31_000)
    await unlock(phone.id, '2580')
    expect((await (await database()).get('keys', phone.id))?.pin?.wrong).toBe(0)
  })

  it('does not wait for hours that a wrong clock wrote down', async () => {
    expect(await pinWait(phone.id)).toBe(0)
    await setPin(phone.id, '2580')
    const db = await database()
    const row = (await db.get('keys', phone.id))!
    await db.put('keys', { ...row, pin: { ...row.pin!, wrong: 9, wait_until: Date.now() + 86_400_000 } })
    await restart()
    expect(await pinWait(phone.id)).toBe(0)
    await unlock(phone.id, '2580')
    expect(await isLocked(phone.id)).toBe(false)
  })

  it('of an earlier enrolment keeps its visits closed to the same person', async () => {
    await save(1)
    await setPin(phone.id, '2580')
    await adoptEnrolment({ ...phone, id: 'phone-2', token: 'token-2' })
    expect(await allVisits()).toHaveLength(1)
    lock()
    expect(await allVisits()).toEqual([])
    await unlock(phone.id, '2580')
    expect(await allVisits()).toHaveLength(1)
  })

  it('keeps what was sent from making room while it is not given', async () => {
    await save(1)
    await takeResults([accepted((await allVisits())[0].body)], server_time)
    await setPin(phone.id, '2580')
    await restart()
    expect(await makeRoom()).toBe(false)
    await unlock(phone.id, '2580')
    expect((await allVisits())[0].body.answers).toEqual({ operating: 'yes', employees: 12 })
  })

  it('closes what was open when the phone was laid aside, and asks again', async () => {
    await fillPhone()
    await setPin(phone.id, '2580')
    await expectFilled()
    lock()
    await expect(allVisits()).rejects.toBeInstanceOf(Locked)
    await expect(allDoors()).rejects.toBeInstanceOf(Locked)
    await unlock(phone.id, '2580')
    await expectFilled()
  })

  it('sends nothing while it is not given, and everything afterwards', async () => {
    await fillPhone()
    await setPin(phone.id, '2580')
    await restart()
    serve(takeAll)
    await pushVisits(keepGoing)
    await pushSuggestions(keepGoing)
    expect(heard).toEqual([])
    await unlock(phone.id, '2580')
    await pushVisits(keepGoing)
    expect(heard.map((request) => request.token)).toEqual([phone.token])
  })

  it('forgotten, is got round by enrolling anew alone, which wipes what it sealed', async () => {
    await fillPhone()
    await setPin(phone.id, '2580')
    await restart()
    await adoptEnrolment({ ...phone, id: 'phone-3', token: 'token-3' })
    expect(await allVisits()).toEqual([])
    const db = await database()
    expect(await Promise.all([db.count('visits'), db.count('drafts'), db.count('pictures'), db.count('keys')])).toEqual([0, 0, 0, 0])
  })
})

describe('another person on the same phone', () => {
  it('sees and exports nothing of the first, whose work goes in under the first one’s name', async () => {
    await fillPhone()
    const photo = await keepPhoto('task:2', 'refusal_photo', bytes.slice(1))
    await adoptEnrolment(second)
    expect(await allDoors()).toEqual([])
    expect(await allVisits()).toEqual([])
    expect(await allDrafts()).toEqual([])
    expect(await draftOf('task:2')).toBeUndefined()
    expect(await allPhotos()).toEqual([])
    expect(await photosOf('task:2')).toEqual([])
    expect(await allSuggestions()).toEqual([])
    expect(JSON.parse(await exportUnsent())).toMatchObject({ visits: [], photos: [], drafts: [] })
    expect(await othersUnsent()).toEqual([{ id: phone.id, name: '张网格', count: 4, locked: false }])
    await changeDraft('task:2', targetOf(door(2)), { values: { remark: '我的' } })
    await save(7)
    const server = new TusServer()
    serve(async (request, path) => {
      if (path !== 'visits') return server.handle(request, path)
      const { visits } = (await request.json()) as { visits: VisitBody[] }
      return json({ server_time, results: visits.map((v) => accepted(v, v.photos.map((photo) => photo.sha256))) })
    })
    await pushVisits(keepGoing)
    await pushPhotos(keepGoing)
    const byToken = heard.filter((h) => h.path === 'visits').map((h) => [h.token, (h.body as { visits: VisitBody[] }).visits.map((v) => v.task_id)])
    expect(byToken).toEqual([[phone.token, [1]], [second.token, [7]]])
    expect(new Set(heard.filter((h) => h.path.startsWith('uploads')).map((h) => h.token))).toEqual(new Set([phone.token]))
    await adoptEnrolment({ ...phone, id: 'phone-3', token: 'token-3' })
    expect((await draftOf('task:2'))?.values).toEqual({ remark: '会计在' })
    expect((await photosOf('task:2')).map((kept) => kept.id)).toEqual([photo.id])
  })

  it('finds the first one’s data gone once all of it was handed in, and not before', async () => {
    await save(1)
    await adoptEnrolment(second)
    await save(2)
    expect(await wipeFinished()).toBe(false)
    serve(takeAll)
    await pushVisits(keepGoing)
    expect(await wipeFinished()).toBe(true)
    const db = await database()
    expect((await db.getAll('visits')).map((row) => row.enrolment)).toEqual([second.id])
    expect((await db.getAllKeys('enrolments'))).toEqual([second.id])
    expect(await everythingAsText()).not.toContain(phone.token)
    expect(await allVisits()).toHaveLength(1)
  })

  it('keeps the first one’s half-typed visits for a month', async () => {
    await changeDraft('task:2', targetOf(door(2)), { values: { remark: '会计在' } })
    await adoptEnrolment(second)
    expect(await wipeFinished()).toBe(false)
    expect(await wipeFinished(Date.now() + 31 * 86_400_000)).toBe(true)
  })

  it('cannot open what the first sealed under a PIN; the first can, and hands it in', async () => {
    await save(1)
    await setPin(phone.id, '2580')
    await restart()
    await adoptEnrolment(second)
    await save(2)
    serve(takeAll)
    await pushVisits(keepGoing)
    expect(heard.map((request) => request.token)).toEqual([second.token])
    expect((await othersUnsent())[0]).toMatchObject({ id: phone.id, count: 1, locked: true })
    expect(await wipeFinished()).toBe(false)
    await unlock(phone.id, '2580')
    await pushVisits(keepGoing)
    expect(heard.map((request) => request.token)).toEqual([second.token, phone.token])
    expect(await wipeFinished()).toBe(true)
  })
})

describe('a revoked phone', () => {
  it('is empty once everything was handed in, drafts excepted', async () => {
    await fillPhone()
    await dropDraft('task:2')
    await markEnrolment(phone.id, 'revoked')
    expect(await wipeFinished()).toBe(false)
    expect(await allVisits()).toHaveLength(1)
    const [visit] = await allVisits()
    await takeResults([accepted(visit.body)], server_time)
    const [suggestion] = await allSuggestions()
    await (await database()).delete('suggestions', suggestion.client_id)
    expect(await wipeFinished()).toBe(true)
    expect(await visitOf(visit.client_id)).toBeUndefined()
    expect((await currentEnrolment())?.state).toBe('revoked')
    serve(takeAll)
    await pullChanges((await currentEnrolment()) as Enrolment)
    expect(heard).toEqual([])
  })
})

describe('typing', () => {
  it('writes one after the other, and nothing after the visit was saved', async () => {
    await applyChanges(changes([door(1)]), phone.id)
    const typed = ['老', '老板', '老板不', '老板不在'].map((remark) => changeDraft('task:1', targetOf(door(1)), { values: { remark } }))
    await Promise.all(typed)
    expect((await draftOf('task:1'))?.values).toEqual({ remark: '老板不在' })
    void changeDraft('task:1', targetOf(door(1)), { values: { remark: '老板不在家' } })
    await save(1)
    expect(await draftOf('task:1')).toBeUndefined()
    await restart()
    expect(await allDrafts()).toEqual([])
  })

  it('opens again after the lock was closed', async () => {
    await fillPhone()
    lock()
    await expectFilled()
  })
})
