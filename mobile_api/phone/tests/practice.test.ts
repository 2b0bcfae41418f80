import { beforeEach, expect, it, vi } from 'vitest'
import { dropDatabase, isPractice, useDatabase, WORK } from '../src/store/db'
import { adoptEnrolment } from '../src/store/enrolments'
import { allVisits } from '../src/store/visits'
import { synchronise } from '../src/sync/engine'
import { ask } from '../src/sync/client'
import { freshPhone, phone, save } from './cast'
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
  await expect(ask('changes')).rejects.toThrow('practice')
  expect(heard).toEqual([])
  expect((await allVisits()).map((visit) => visit.body.task_id)).toEqual([2])
  await dropDatabase('grid-canvass-practice')
  expect((await allVisits()).map((visit) => visit.client_id)).toEqual([worked.client_id])
  await expect(dropDatabase(WORK)).rejects.toThrow()
})
