import { beforeEach, expect, it, vi } from 'vitest'
import { dropDatabase, isPractice, useDatabase, WORK } from '../src/store/db'
import { targetOf } from '../src/store/doors'
import { changeDraft, draftOf } from '../src/store/drafts'
import { adoptEnrolment } from '../src/store/enrolments'
import { allVisits } from '../src/store/visits'
import { synchronise } from '../src/sync/engine'
import { call } from '../src/sync/client'
import { door, freshPhone, phone, save } from './cast'
import { heard, json, serve } from './server'

beforeEach(async () => {
  await useDatabase(WORK)
  vi.unstubAllGlobals()
  await freshPhone()
})

it('keeps practice and work apart, and never lets practice reach the server', async () => {
  serve(() => json({}))
  const worked = await save(1)
  await useDatabase('grid-canvass-practice')
  expect(isPractice()).toBe(true)
  await adoptEnrolment({ ...phone, id: 'practice' })
  await save(2)
  await synchronise(true)
  await expect(call('changes')).rejects.toThrow('practice')
  expect(heard).toEqual([])
  expect((await allVisits()).map((visit) => visit.body.task_id)).toEqual([2])
  await dropDatabase('grid-canvass-practice')
  expect((await allVisits()).map((visit) => visit.client_id)).toEqual([worked.client_id])
  await expect(dropDatabase(WORK)).rejects.toThrow()
})

it('takes along nothing of the work, and loses nothing typed a moment before', async () => {
  const target = targetOf(door(1))
  void changeDraft('task:1', target, { values: { remark: '老板' } })
  void changeDraft('task:1', target, { values: { remark: '老板不在' } })
  await useDatabase('grid-canvass-practice')
  expect(await draftOf('task:1')).toBeUndefined()
  await dropDatabase('grid-canvass-practice')
  expect((await draftOf('task:1'))?.values).toEqual({ remark: '老板不在' })
})
