import { beforeEach, describe, expect, it } from 'vitest'
import { allDoors, applyChanges, cursor, doorOf, isLeft, standingOf } from '../src/store/doors'
import { changeDraft, draftOf } from '../src/store/drafts'
import { adoptEnrolment, currentEnrolment, markEnrolment } from '../src/store/enrolments'
import { LEASE_MS, withLease } from '../src/store/lease'
import { keepPhoto, photosOf } from '../src/store/photos'
import { allVisits, lastStanding, placeVisit, saveVisit, takeResults, tryAgain, visitOf, waitingVisits } from '../src/store/visits'
import { targetOf } from '../src/store/doors'
import { setFact } from '../src/store/db'
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

describe('drafts', () => {
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
})
