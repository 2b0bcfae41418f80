import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { database, isStorageFull } from '../src/store/db'
import { targetOf } from '../src/store/doors'
import { changeDraft, draftOf } from '../src/store/drafts'
import { allPhotos, keepPhoto } from '../src/store/photos'
import { askToKeep, isTight, keepBallast, makeRoom, room } from '../src/store/room'
import { allVisits, takeResults } from '../src/store/visits'
import { soon } from './patience'
import { door, freshPhone, save } from './cast'
import { accepted } from './server'

const bytes = Uint8Array.from({ length: 3000 }, (_, at) => at % 250).buffer
const MB = 1_000_000

function storage(left: number, change: object = {}) {
  const persist = vi.fn(async () => true)
  vi.stubGlobal('navigator', { storage: { estimate: async () => ({ usage: 60 * MB, quota: 60 * MB + left }), persisted: async () => false, persist, ...change } })
  return persist
}

/** A disk that is full for the first `times` writes into `store`. */
function fullFor(times: number, store: string, name = 'QuotaExceededError') {
  vi.restoreAllMocks()
  const put = IDBObjectStore.prototype.put
  let left = times
  return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
    if (this.name === store && left-- > 0) throw new DOMException('full', name)
    return put.apply(this, given)
  })
}

beforeEach(freshPhone)
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('storage nearly full', () => {
  it('refuses a picture while there is room for the visit, which is saved', async () => {
    storage(10 * MB)
    const error: unknown = await keepPhoto('task:1', 'refusal_photo', bytes).catch((reason: unknown) => reason)
    expect(isStorageFull(error)).toBe(true)
    expect(await allPhotos()).toEqual([])
    await save(1)
    expect(await allVisits()).toHaveLength(1)
  })

  it('takes a picture when there is room, and where the browser does not say', async () => {
    storage(100 * MB)
    await keepPhoto('task:1', 'refusal_photo', bytes)
    vi.stubGlobal('navigator', {})
    await keepPhoto('task:1', 'other', bytes.slice(1))
    expect(await allPhotos()).toHaveLength(2)
    expect(await room()).toBeNull()
  })

  it('gives way with what the server has: pictures first, then answers, never what waits', async () => {
    const photo = await keepPhoto('task:1', 'refusal_photo', bytes)
    const sent = await save(1, [photo])
    await save(2)
    await takeResults([accepted(sent.body)], new Date().toISOString())
    await (await database()).put('pictures', { clear: bytes }, photo.id)
    expect(await makeRoom()).toBe(true)
    expect(await (await database()).count('pictures')).toBe(0)
    expect((await allVisits()).map((visit) => visit.body.answers)).toEqual([{}, { operating: 'yes', employees: 12 }])
    expect(await makeRoom()).toBe(false)
  })
})

describe('a picture', () => {
  it('is taken once what the server has gave way for it', async () => {
    const sent = await save(9)
    await takeResults([accepted(sent.body)], new Date().toISOString())
    const estimates = [{ usage: 60 * MB, quota: 62 * MB }, { usage: 30 * MB, quota: 62 * MB }]
    storage(0, { estimate: async () => estimates.shift() })
    await keepPhoto('task:1', 'refusal_photo', bytes)
    expect(await allPhotos()).toHaveLength(1)
    expect((await allVisits())[0].body.answers).toEqual({})
  })

  it('is taken where the browser stops saying how much room there is', async () => {
    const estimates = [{ usage: 60 * MB, quota: 62 * MB }]
    storage(0, { estimate: async () => estimates.shift() })
    await keepPhoto('task:1', 'refusal_photo', bytes)
    expect(await allPhotos()).toHaveLength(1)
  })
})

describe('what is held back for words', () => {
  const held = async (): Promise<number> => (await database()).count('pictures')

  it('is not taken from a phone that is nearly full, nor where it does not fit', async () => {
    storage(10 * MB)
    await keepBallast()
    vi.unstubAllGlobals()
    fullFor(1, 'pictures')
    await keepBallast()
    expect(await held()).toBe(0)
  })

  it('does not hide a fault that has nothing to do with room', async () => {
    fullFor(1, 'pictures', 'InvalidStateError')
    await expect(keepBallast()).rejects.toMatchObject({ name: 'InvalidStateError' })
  })

  it('stays where a visit cannot be written for another reason, which is told', async () => {
    await keepBallast()
    fullFor(1, 'visits', 'ConstraintError')
    await expect(save(1)).rejects.toMatchObject({ name: 'ConstraintError' })
    expect(await held()).toBe(1)
  })
})

describe('storage full in the middle of saving', () => {
  const target = targetOf(door(1))

  it('makes room with what was sent and saves', async () => {
    const before = await save(9)
    await takeResults([accepted(before.body)], new Date().toISOString())
    fullFor(1, 'visits')
    await save(1)
    expect((await allVisits()).map((visit) => visit.body.task_id)).toEqual([9, 1])
  })

  it('gives free what was held back for words: the picture is refused, the visit and the draft are not', async () => {
    await keepBallast()
    await keepBallast()
    expect(await (await database()).count('pictures')).toBe(1)
    fullFor(1, 'pictures')
    await expect(keepPhoto('task:1', 'refusal_photo', bytes)).rejects.toSatisfy(isStorageFull)
    expect(await (await database()).count('pictures')).toBe(1)
    fullFor(1, 'drafts')
    await changeDraft('task:1', target, { values: { remark: '会计在' } })
    expect((await draftOf('task:1'))?.values).toEqual({ remark: '会计在' })
    expect(await (await database()).count('pictures')).toBe(0)
    await keepBallast()
    fullFor(1, 'visits')
    await save(1)
    expect(await allVisits()).toHaveLength(1)
  })

  it('is known by each name under which a browser reports it', async () => {
    for (const [at, name] of ['QuotaExceededError', 'DataError', 'UnknownError', 'AbortError'].entries()) {
      vi.restoreAllMocks()
      await keepBallast()
      fullFor(1, 'visits', name)
      await save(at + 1)
    }
    expect(await allVisits()).toHaveLength(4)
  })

  it('loses nothing typed when there is none to make', async () => {
    await changeDraft('task:1', target, { values: { remark: '会计在' } })
    const photo = await keepPhoto('task:1', 'refusal_photo', bytes)
    fullFor(3, 'visits')
    await expect(save(1, [photo])).rejects.toSatisfy(isStorageFull)
    expect(await allVisits()).toEqual([])
    expect((await draftOf('task:1'))?.values).toEqual({ remark: '会计在' })
    expect((await allPhotos())[0]).toMatchObject({ owner: 'task:1', state: 'kept' })
    vi.restoreAllMocks()
    await save(1, [photo])
    expect(await draftOf('task:1')).toBeUndefined()
    expect((await allPhotos())[0].state).toBe('waiting')
  })

  it('keeps the draft of before when a further word does not fit', async () => {
    await changeDraft('task:1', target, { values: { remark: '会计' } })
    fullFor(1, 'drafts')
    await expect(changeDraft('task:1', target, { values: { remark: '会计在' } })).rejects.toSatisfy(isStorageFull)
    expect((await draftOf('task:1'))?.values).toEqual({ remark: '会计' })
    await changeDraft('task:1', target, { values: { remark: '会计在' } })
    expect((await draftOf('task:1'))?.values).toEqual({ remark: '会计在' })
  })
})

describe('the browser', () => {
  it('is asked to keep the database when a visit was saved, and not again once it promised', async () => {
    const persist = storage(100 * MB)
    await save(1)
    await soon(() => expect(persist).toHaveBeenCalledOnce())
    const asked = storage(100 * MB, { persisted: async () => true })
    await askToKeep()
    expect(asked).not.toHaveBeenCalled()
  })

  it('may say little, or stumble over being asked', async () => {
    storage(0, { estimate: async () => ({ quota: 40 * MB }), persisted: undefined })
    expect(await room()).toEqual({ usage: 0, quota: 40 * MB, persisted: null })
    const stumble = async () => { throw new TypeError('not allowed') }
    storage(0, { estimate: stumble, persisted: stumble })
    expect(await room()).toBeNull()
    await askToKeep()
    expect([isTight(null), isTight({ usage: 9 * MB, quota: 10 * MB, persisted: null })]).toEqual([false, true])
  })
})
