import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  allDoors, allGrids, applyChanges, cursor, doorOf, formForKind, isLeft, isOverdue, standingOf, unlistedTarget,
} from '../src/store/doors'
import { allDrafts, changeDraft, draftKey, draftOf, dropDraft } from '../src/store/drafts'
import { adoptEnrolment, currentEnrolment, markEnrolment } from '../src/store/enrolments'
import { LEASE_MS, withLease } from '../src/store/lease'
import { allPhotos, changePhoto, dropPhoto, keepPhoto, markPhotoSent, photosOf, pictureOf } from '../src/store/photos'
import {
  allVisits, forgetOldAnswers, holdVisit, lastStanding, placeVisit, saveVisit, takeResults, tryAgain, visitOf, waitingVisits,
} from '../src/store/visits'
import { targetOf } from '../src/store/doors'
import { database, fact, setFact } from '../src/store/db'
import type { StoredDoor } from '../src/types'
import { changes, door, employerForm, freshPhone, phone, restart, save } from './cast'
import { accepted } from './server'

const today = '2026-11-23'
const standing = async (taskId: number) => {
  const stored = (await doorOf(taskId)) as StoredDoor
  return standingOf(stored, stored.mark && (await visitOf(stored.mark.client_id)), today)
}

beforeEach(freshPhone)

describe('doors', () => {
  it('moves doors, tombstones and cursor together', async () => {
    await applyChanges(changes([door(1), door(2)], { forms: [employerForm] }), phone.id)
    await applyChanges(changes([], { gone: [1], cursor: 9 }), phone.id)
    expect((await allDoors()).map((d) => d.task_id)).toEqual([2])
    expect(await cursor()).toBe(9)
  })

  it('ignores an answer meant for the enrolment before', async () => {
    await adoptEnrolment({ ...phone, id: 'phone-2', token: 'token-2' })
    await applyChanges(changes([door(1)]), phone.id)
    expect(await allDoors()).toEqual([])
  })

  it('keeps both of two answers that came at once', async () => {
    const [one, two] = [changes([door(1)]), changes([door(2)], { cursor: 8 })]
    await Promise.all([applyChanges(one, phone.id), applyChanges(two, phone.id)])
    await restart()
    expect((await allDoors()).map((d) => d.task_id).sort()).toEqual([1, 2])
  })

  it('has the form made for a kind of subject, the employers’ one for any other, and the grids', async () => {
    const stalls = { ...employerForm, code: 'stall', kinds: ['trader'] }
    await applyChanges(changes([], { forms: [employerForm, stalls], grids: [{ code: '150302001001001', name: '第一网格', outline: null }] }), phone.id)
    expect(await Promise.all(['stall', 'trader', 'site'].map(formForKind))).toEqual(['stall', 'stall', 'employer'])
    expect((await allGrids()).map(({ name }) => name)).toEqual(['第一网格'])
  })

  it('is overdue after its day, or as the server says where it has none', () => {
    const days = [{ due_on: '2026-11-22' }, { due_on: today }, { due_on: null, overdue: true }]
    expect(days.map((change) => isOverdue(door(1, change), today))).toEqual([true, false, true])
    expect(standingOf(door(1, days[0]), undefined, today)).toBe('overdue')
  })

  it('is done where a colleague was there', () => {
    expect(standingOf(door(1, { state: 'done' }), undefined, today)).toBe('done')
  })
})

describe('a saved visit', () => {
  it('is there after a restart, with draft closed and door marked', async () => {
    await applyChanges(changes([door(1)]), phone.id)
    await changeDraft('task:1', targetOf(door(1)), { values: { employees: 12 } })
    const photo = await keepPhoto('task:1', 'refusal_photo', new Uint8Array([1, 2, 3]).buffer)
    const visit = await save(1, [photo])
    await restart()
    expect(await draftOf('task:1')).toBeUndefined()
    expect((await visitOf(visit.client_id))?.body).toMatchObject({ task_id: 1, form_version: 3, outcome: 'done' })
    expect(visit.body.photos).toEqual([{ sha256: photo.sha256, size: 3, kind: 'refusal_photo', question: 'refusal_photo' }])
    expect((await photosOf(visit.client_id))[0].state).toBe('waiting')
    expect(await standing(1)).toBe('waiting')
  })

  it('keeps its mark on the door while it waits, and gives way to the server after it was taken', async () => {
    await applyChanges(changes([door(1)]), phone.id)
    const visit = await save(1)
    await applyChanges(changes([door(1)]), phone.id)
    expect(await standing(1)).toBe('waiting')
    await takeResults([accepted(visit.body)], new Date().toISOString())
    expect(await standing(1)).toBe('done')
    const returned = { question_text: '人数再核一下', questions: ['employees'], by: '李社区', at: '2026-11-23T01:00:00Z' }
    await applyChanges(changes([door(1, { state: 'returned', returned })]), phone.id)
    expect(await standing(1)).toBe('returned')
    expect(lastStanding(await allVisits(), 1)?.client_id).toBe(visit.client_id)
  })

  it('leaves the door on the list when nobody was in', async () => {
    await applyChanges(changes([door(1)]), phone.id)
    await saveVisit({
      key: 'task:1', target: targetOf(door(1)), form: employerForm, outcome: 'nobody_in', answers: {}, photos: [],
      replaces: null, corrects: null, awaitPosition: false,
    })
    expect(isLeft(await standing(1))).toBe(true)
  })

  it('stays when it is refused, with the reason, and can be corrected or sent again', async () => {
    await applyChanges(changes([door(1)]), phone.id)
    const visit = await save(1)
    const refusal = { ...accepted(visit.body), status: 'refused' as const, code: 'form-unknown', message: '表单不认识' }
    await takeResults([refusal], new Date().toISOString())
    await applyChanges(changes([door(1)]), phone.id)
    expect(await standing(1)).toBe('refused')
    await tryAgain(visit.client_id)
    expect((await waitingVisits(Date.now())).get(phone.id)).toHaveLength(1)
    await takeResults([refusal], new Date().toISOString())
    await saveVisit({
      key: 'task:1', target: targetOf(door(1)), form: employerForm, outcome: 'done', answers: {}, photos: [],
      replaces: null, corrects: visit.client_id, awaitPosition: false,
    })
    expect((await visitOf(visit.client_id))?.state).toBe('corrected')
    expect(await standing(1)).toBe('waiting')
  })

  it('waits a moment for the position, never longer, whatever the clock does', async () => {
    const visit = await saveVisit({
      key: 'task:1', target: targetOf(door(1)), form: employerForm, outcome: 'done', answers: {}, photos: [],
      replaces: null, corrects: null, awaitPosition: true,
    })
    expect((await waitingVisits(Date.now())).size).toBe(0)
    expect((await waitingVisits(Date.now() + 13_000)).size).toBe(1)
    expect((await waitingVisits(Date.now() - 86_400_000)).size).toBe(1)
    await placeVisit(visit.client_id, { lng: 106.8, lat: 39.7, accuracy: 15 })
    expect((await waitingVisits(Date.now())).get(phone.id)?.[0].body.position).toEqual({ lng: 106.8, lat: 39.7, accuracy: 15 })
  })
})

describe('a saved visit, of all it can carry,', () => {
  const saving = {
    form: employerForm, outcome: 'nobody_in' as const, answers: {}, photos: [], replaces: null, corrects: null, awaitPosition: false,
  }

  it('takes along what the form stood at, when to come again, and a unit that nobody’s list knows', async () => {
    const unlisted = { name: '路边修车', credit_code: '', address: '', kind: 'employer', lng: null, lat: null }
    const more = { shown: { employees: 9 }, come_again_on: '2026-12-01', unlisted }
    const { client_id } = await saveVisit({ ...saving, ...more, key: 'new:1', target: unlistedTarget('HBW9') })
    await restart()
    const body = (await visitOf(client_id))?.body
    expect(body).toMatchObject({ ...more, task_id: null, subject_id: null, premise_code: 'HBW9' })
    expect(lastStanding(await allVisits(), null)).toBeNull()
    expect(lastStanding(await allVisits(), 1)).toBeNull()
  })

  it('says at its door when somebody means to come again', async () => {
    await applyChanges(changes([door(1)]), phone.id)
    await saveVisit({ ...saving, key: 'task:1', target: targetOf(door(1)), come_again_on: '2026-12-01' })
    expect((await doorOf(1))?.mark).toMatchObject({ outcome: 'nobody_in', come_again_on: '2026-12-01' })
  })

  it('is saved though its picture, or what it corrects, was thrown away in another tab', async () => {
    const photo = await keepPhoto('task:1', 'refusal_photo', new Uint8Array([1]).buffer)
    await dropPhoto(photo.id)
    const visit = await saveVisit({ ...saving, key: 'task:1', target: targetOf(door(1, { premise: null })), photos: [photo], corrects: 'gone' })
    expect((await visitOf(visit.client_id))?.state).toBe('waiting')
    expect(await allPhotos()).toEqual([])
  })

  it('counts as taken when the answer comes while its position is being written', async () => {
    const visit = await saveVisit({ ...saving, key: 'task:1', target: targetOf(door(1)), awaitPosition: true })
    const position = { lng: 106.8, lat: 39.7, accuracy: 15 }
    await Promise.all([placeVisit(visit.client_id, position), takeResults([accepted(visit.body)], new Date().toISOString())])
    expect((await visitOf(visit.client_id))?.state).toBe('sent')
    await placeVisit(visit.client_id, null)
    await placeVisit('gone', null)
    await tryAgain(visit.client_id)
    await holdVisit(visit, 403)
    await takeResults([accepted(visit.body)], new Date().toISOString())
    expect((await allVisits()).map(({ state }) => state)).toEqual(['sent'])
  })

  it('keeps the first of two positions that came at once', async () => {
    const { client_id } = await saveVisit({ ...saving, key: 'task:1', target: targetOf(door(1)), awaitPosition: true })
    await Promise.all([106.8, 106.9].map((lng) => placeVisit(client_id, { lng, lat: 39.7, accuracy: 15 })))
    await restart()
    expect((await visitOf(client_id))?.body.position?.lng).toBe(106.8)
  })

  it('leaves no mark at its door once it is gone', async () => {
    await applyChanges(changes([door(1)]), phone.id)
    const { client_id } = await save(1)
    await (await database()).delete('visits', client_id)
    expect((await doorOf(1))?.mark).toBeUndefined()
  })

  it('is known for a month by its answers, afterwards by its number alone', async () => {
    const [old, fresh] = [await save(1), await save(2)]
    const day = 86_400_000
    await takeResults([accepted(old.body)], new Date(Date.now() - 31 * day).toISOString())
    await takeResults([accepted(fresh.body)], new Date(Date.now() - 29 * day).toISOString())
    await forgetOldAnswers(Date.now())
    await forgetOldAnswers(Date.now())
    expect((await allVisits()).map(({ body }) => Object.keys(body.answers).length)).toEqual([0, 2])
  })
})

describe('pictures', () => {
  const bytes = new Uint8Array([1, 2, 3]).buffer

  it('are kept once for a question, however often the same is taken', async () => {
    const photo = await keepPhoto('task:1', 'refusal_photo', bytes)
    expect((await keepPhoto('task:1', 'refusal_photo', bytes)).id).toBe(photo.id)
    await keepPhoto('task:1', 'licence', bytes)
    expect(await photosOf('task:1')).toHaveLength(2)
  })

  it('that were thrown away stay away, whatever was on its way with them', async () => {
    const { id } = await keepPhoto('task:1', 'refusal_photo', bytes)
    await dropPhoto(id)
    await changePhoto(id, { offset: 2 })
    await markPhotoSent(id)
    expect(await allPhotos()).toEqual([])
    expect(await pictureOf(id)).toBeUndefined()
  })
})

describe('drafts', () => {
  it('are called by their door, or by their own number where no list has it', () => {
    expect([draftKey(targetOf(door(1))), draftKey(unlistedTarget('HBW9'), 'a')]).toEqual(['task:1', 'new:a'])
  })

  it('keep what two tabs typed into different questions', async () => {
    const target = targetOf(door(1))
    await Promise.all([
      changeDraft('task:1', target, { values: { employees: 12 }, confirmed: ['contracts'] }),
      changeDraft('task:1', target, { values: { remark: '老板不在' }, outcome: 'refused' }),
    ])
    await restart()
    expect(await draftOf('task:1')).toMatchObject({
      outcome: 'refused', values: { employees: 12, remark: '老板不在' }, confirmed: ['contracts'],
    })
  })

  it('keep what was typed in one breath, the outcome and what was confirmed too', async () => {
    const target = targetOf(door(1))
    const breath = [{ outcome: 'refused' as const, confirmed: ['contracts'] }, { values: { remark: '在' } }, { confirmed: ['employees'] }]
    await Promise.all(breath.map((change) => changeDraft('task:1', target, change)))
    expect(await draftOf('task:1')).toMatchObject({ outcome: 'refused', values: { remark: '在' }, confirmed: ['contracts', 'employees'] })
  })

  it('keep what two tabs wrote at the same moment', async () => {
    await changeDraft('task:1', targetOf(door(1)), { outcome: 'closed' })
    vi.resetModules()
    const [other, otherDatabase] = await Promise.all([import('../src/store/drafts'), import('../src/store/db')])
    await other.draftOf('task:1')
    await Promise.all([
      changeDraft('task:1', targetOf(door(1)), { values: { employees: 12 } }),
      other.changeDraft('task:1', targetOf(door(1)), { values: { remark: '在' } }),
    ])
    await otherDatabase.closeDatabase()
    expect(await draftOf('task:1')).toMatchObject({ outcome: 'closed', values: { employees: 12, remark: '在' } })
  })

  it('go on under the new enrolment of the same person, and lie there once', async () => {
    await changeDraft('task:1', targetOf(door(1)), { values: { employees: 12 } })
    await adoptEnrolment({ ...phone, id: 'phone-2', token: 'token-2' })
    await changeDraft('task:1', targetOf(door(1)), { values: { remark: '在' } })
    expect((await allDrafts()).map(({ values }) => values)).toEqual([{ employees: 12, remark: '在' }])
    expect(await (await database()).getAllKeys('drafts')).toEqual([['phone-2', 'task:1']])
  })

  it('go with their own pictures alone when they are thrown away', async () => {
    const bytes = new Uint8Array([1, 2, 3]).buffer
    const theirs = await keepPhoto('task:1', 'refusal_photo', bytes)
    await adoptEnrolment({ ...phone, id: 'phone-2', token: 'token-2', person: { name: '王网格' }, posting: { ...phone.posting, id: 6 } })
    await changeDraft('task:1', targetOf(door(1)), { values: { remark: '在' } })
    await keepPhoto('task:1', 'refusal_photo', bytes)
    await dropDraft('task:1')
    expect(await allPhotos()).toEqual([])
    expect(await (await database()).getAllKeys('pictures')).toEqual([theirs.id])
  })
})

describe('a revoked phone', () => {
  it('forgets its doors and keeps drafts and outbox', async () => {
    await applyChanges(changes([door(1), door(2)]), phone.id)
    await save(1)
    await changeDraft('task:2', targetOf(door(2)), { values: { employees: 3 } })
    await markEnrolment(phone.id, 'revoked')
    expect(await allDoors()).toEqual([])
    expect((await currentEnrolment())?.state).toBe('revoked')
    expect((await waitingVisits(Date.now())).get(phone.id)).toHaveLength(1)
    expect(await draftOf('task:2')).toBeDefined()
  })
})

describe('the lease', () => {
  it('lets one tab work at a time', async () => {
    let inside = 0
    const results = await Promise.all(
      ['a', 'b', 'c'].map((tab) =>
        withLease('exchange', tab, async () => {
          inside += 1
          expect(inside).toBe(1)
          await new Promise((done) => setTimeout(done, 20))
          inside -= 1
        }),
      ),
    )
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await withLease('exchange', 'd', async () => {})).toBe(true)
  })

  it('is not held for ever by a dead tab or a wrong clock', async () => {
    await setFact('lease:exchange', { holder: 'dead', until: Date.now() - 1 })
    expect(await withLease('exchange', 'a', async () => {})).toBe(true)
    await setFact('lease:exchange', { holder: 'dead', until: Date.now() + 10 * LEASE_MS })
    expect(await withLease('exchange', 'a', async () => {})).toBe(true)
  })

  it('of the tab that took over is not ended by the one before', async () => {
    const taken = { holder: 'b', until: Date.now() + LEASE_MS }
    await withLease('exchange', 'a', () => setFact('lease:exchange', taken))
    expect(await fact('lease:exchange')).toEqual(taken)
  })
})
