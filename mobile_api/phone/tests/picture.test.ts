// @vitest-environment jsdom
import { deleteDB } from 'idb'
import { expect, it } from 'vitest'
import { load, state } from '../src/state'
import { closeDatabase } from '../src/store/db'
import { adoptEnrolment } from '../src/store/enrolments'
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
