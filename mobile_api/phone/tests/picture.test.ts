// @vitest-environment jsdom
import { deleteDB } from 'idb'
import { expect, it } from 'vitest'
import { load, state } from '../src/state'
import { closeDatabase } from '../src/store/db'
import { adoptEnrolment, currentEnrolment, wipeFinished } from '../src/store/enrolments'
import { phone } from './cast'
import { json, serve } from './server'

/** Lets everything that is due run, `times` times. */
async function turns(times: number): Promise<void> {
  for (let turn = 0; turn < times; turn++) await new Promise((done) => setTimeout(done))
}

it('shows what is, whenever a reading began before it was so', async () => {
  serve(() => json({}))
  for (let begun = 0; begun < 24; begun++) {
    await closeDatabase()
    await deleteDB('grid-canvass')
    await load()
    expect(state.enrolment).toBeNull()
    const older = load()
    await turns(begun)
    await adoptEnrolment({ ...phone })
    await Promise.all([load(), older])
    expect(state.enrolment?.id, `a reading ${begun} turns old`).toBe(phone.id)
    expect(state.others).toEqual([])
  }
})

it('draws once for all who ask while it reads', async () => {
  expect(load()).toBe(load())
})

it('keeps who enrols while the first exchange is tidying up', async () => {
  // What must meet are a few steps of each: every beginning is tried, to the step and to the promise.
  for (let steps = 0; steps < 12; steps++) {
    for (let promises = 0; promises < 12; promises++) {
      await closeDatabase()
      await deleteDB('grid-canvass')
      expect(await currentEnrolment()).toBeNull()
      const tidying = wipeFinished()
      for (let step = 0; step < steps; step++) await new Promise((done) => setImmediate(done))
      for (let turn = 0; turn < promises; turn++) await null
      await Promise.all([adoptEnrolment({ ...phone }), tidying])
      expect((await currentEnrolment())?.id, `after ${steps} steps and ${promises} promises`).toBe(phone.id)
    }
  }
})
