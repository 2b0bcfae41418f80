import { beforeEach, describe, expect, it } from 'vitest'
import { type Opened, open } from '../src/screens/opening'
import { applyChanges } from '../src/store/doors'
import { changeDraft } from '../src/store/drafts'
import { keepPhoto } from '../src/store/photos'
import { takeResults } from '../src/store/visits'
import { targetOf } from '../src/store/doors'
import { changes, door, employerForm, freshPhone, phone, save } from './cast'
import { accepted } from './server'

const prefill = { employees: { value: 9, source: '税务名册', as_of: '2026-09-30' } }
const returned = { question_text: '人数再核一下', questions: ['employees'], by: '李敏', at: '2026-11-22T00:00:00Z' }
const opened = async (from: string, id: string) => (await open(from, id)) as Opened
const now = () => new Date().toISOString()

beforeEach(async () => {
  await freshPhone()
  await applyChanges(changes([door(1, { prefill })], { forms: [employerForm] }), phone.id)
})

describe('what a form opens with', () => {
  it('is what the register knows, below what was typed', async () => {
    expect(await opened('door', '1')).toMatchObject({ values: { employees: 9 }, confirmed: [], replaces: null })
    await changeDraft('task:1', targetOf(door(1)), { values: { employees: 11 }, outcome: 'refused' })
    expect(await opened('door', '1')).toMatchObject({ values: { employees: 11 }, outcome: 'refused' })
  })

  it('is the former visit when the desk asks, with only the doubted question to look at again', async () => {
    const visit = await save(1)
    await takeResults([accepted(visit.body)], now())
    await applyChanges(changes([door(1, { state: 'returned', returned, prefill })]), phone.id)
    const form = await opened('door', '1')
    expect(form.replaces).toBe(visit.client_id)
    expect(form.values).toMatchObject({ operating: 'yes', employees: 12 })
    expect(form.confirmed).toEqual(['operating'])
    expect(form.prefill.employees).toMatchObject({ value: 12 })
  })

  it('is what a colleague found, when the desk asks about a visit this phone did not make', async () => {
    const former = {
      client_id: 'c-9', by: '李秀英', recorded_at: '2026-11-20T02:00:00Z', outcome: 'refused' as const,
      answers: { operating: 'yes', employees: 7 },
    }
    const asked = { ...returned, former }
    await applyChanges(changes([door(1, { state: 'returned', returned: asked, prefill })]), phone.id)
    expect(await opened('door', '1')).toMatchObject({
      replaces: 'c-9', outcome: 'refused', values: { operating: 'yes', employees: 7 }, confirmed: ['operating'],
      prefill: { employees: { value: 7, source: '李秀英上次填的', as_of: '2026-11-20' } },
    })
    const visit = await save(1)
    await takeResults([accepted(visit.body)], now())
    expect((await opened('door', '1')).replaces).toBe('c-9')
    const mine = { ...former, client_id: visit.client_id }
    await applyChanges(changes([door(1, { state: 'returned', returned: { ...returned, former: mine } })]), phone.id)
    const form = await opened('door', '1')
    expect([form.replaces, form.prefill.employees.source]).toEqual([visit.client_id, '您上次填的'])
  })

  it('is what waits to be sent, whatever the server knew', async () => {
    const former = { client_id: 'c-9', by: '李秀英', recorded_at: '2026-11-20T02:00:00Z', outcome: 'done' as const, answers: {} }
    await applyChanges(changes([door(1, { state: 'returned', returned: { ...returned, former } })]), phone.id)
    const visit = await save(1)
    expect((await opened('door', '1')).replaces).toBe(visit.client_id)
  })

  it('is the refused visit with its pictures when it has to be put right', async () => {
    const photo = await keepPhoto('task:1', 'refusal_photo', new Uint8Array([9]).buffer)
    const visit = await save(1, [photo])
    await takeResults([{ ...accepted(visit.body), status: 'refused', message: '缺一项' }], now())
    for (const form of [await opened('door', '1'), await opened('correct', visit.client_id)]) {
      expect(form.corrects).toBe(visit.client_id)
      expect(form.values).toMatchObject({ employees: 12 })
      expect(form.photos.map((kept) => kept.id)).toEqual([photo.id])
    }
  })

  it('is still the draft when the door was handed to somebody else', async () => {
    await changeDraft('task:1', targetOf(door(1)), { values: { employees: 5 } })
    await applyChanges(changes([], { gone: [1] }), phone.id)
    expect(await opened('door', '1')).toMatchObject({ values: { employees: 5 }, target: { task_id: 1 } })
    expect(await open('door', '77')).toBe('gone')
  })

  it('is an empty form for a unit in nobody’s list', async () => {
    expect(await opened('unlisted', '2346789A')).toMatchObject({
      key: 'new:2346789A', target: { task_id: null, subject: null, premise: { code: '2346789A' } },
    })
  })

  it('says when the form is not on the phone yet', async () => {
    await applyChanges(changes([door(2, { form: 'dust' })]), phone.id)
    expect(await open('door', '2')).toBe('no-form')
  })
})

describe('a unit nobody knows', () => {
  it('has a name to be written down, and keeps what was put right', async () => {
    const form = await opened('unlisted', '2346789A')
    expect(form.target.unlisted).toMatchObject({ name: '', kind: 'enterprise' })
    const unlisted = { ...form.target.unlisted!, name: '老王修理铺' }
    await changeDraft(form.key, { ...form.target, unlisted }, {})
    expect((await opened('unlisted', '2346789A')).target.unlisted?.name).toBe('老王修理铺')
  })
})

describe('pictures', () => {
  it('belong to their question even when the answer was not written any more', async () => {
    const photo = await keepPhoto('task:1', 'refusal_photo', new Uint8Array([7]).buffer, 'photo')
    expect((await opened('door', '1')).values.refusal_photo).toBe(photo.sha256)
    await changeDraft('task:1', targetOf(door(1)), { values: { refusal_photo: photo.sha256 } })
    expect((await opened('door', '1')).values.refusal_photo).toBe(photo.sha256)
  })

  it('are kept once when taken twice', async () => {
    const bytes = new Uint8Array([1, 2]).buffer
    expect((await keepPhoto('task:1', 'a', bytes)).id).toBe((await keepPhoto('task:1', 'a', bytes)).id)
  })
})
