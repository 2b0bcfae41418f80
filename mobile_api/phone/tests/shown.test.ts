// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest'
import { type Opened, open } from '../src/screens/opening'
import { useVisit } from '../src/screens/visiting'
import { load, state } from '../src/state'
import { applyChanges } from '../src/store/doors'
import { settledDraft } from '../src/store/drafts'
import { allVisits, takeResults } from '../src/store/visits'
import type { Values } from '../src/types'
import { changes, door, employerForm, freshPhone, phone } from './cast'
import { accepted, json, serve } from './server'

const fact = (value: number | string) => ({ value, source: '走访 2026-11-20 网格员', as_of: '2026-11-20' })
const prefill = { operating: fact('yes'), employees: fact(9), lapsed: fact('no'), industry: fact('餐饮') }
const opened = async (from: string, id: string) => (await open(from, id)) as Opened
const fetched = (change: object) => applyChanges(changes([door(1, change)], { forms: [employerForm] }), phone.id)

beforeEach(async () => {
  serve((_request, path) => json(path === 'visits' ? { results: [], server_time: new Date().toISOString() } : changes([])))
  await freshPhone()
  await fetched({ prefill })
})

/** Fills the form as it opens and saves it; answers what was sent as seen. */
async function saved(form: Opened, answers: Values): Promise<Values | undefined> {
  const visit = useVisit(form)
  visit.confirm(Object.keys(prefill))
  for (const [name, value] of Object.entries(answers)) visit.setValue(name, value)
  expect(await visit.save()).toBe(true)
  return (await allVisits()).at(-1)?.body.shown
}

it('sends what each asked question stood at, and nothing else', async () => {
  expect(await saved(await opened('door', '1'), { employees: 11, insured_seen: 11 })).toEqual({ operating: 'yes', employees: 9 })
})

it('sends the answer to a question that appeared while filling', async () => {
  const shown = await saved(await opened('door', '1'), { employees: 11, insured_seen: 3 })
  expect(shown).toEqual({ operating: 'yes', employees: 9, lapsed: 'no' })
})

it('sends nothing where nothing was known', async () => {
  await fetched({ prefill: {} })
  expect(await saved(await opened('door', '1'), { operating: 'yes', employees: 11, insured_seen: 11 })).toBeUndefined()
})

it('goes on from what the draft was begun with, whatever was fetched since', async () => {
  const form = await opened('door', '1')
  useVisit(form).setValue('insured_seen', 5)
  await settledDraft(form.key)
  await fetched({ prefill: { ...prefill, employees: fact(20) } })
  const again = await opened('door', '1')
  expect(again.values.employees).toBe(9)
  expect(await saved(again, { employees: 5 })).toMatchObject({ employees: 9 })
})

it('says what stood there before one’s own answer, when it is put right', async () => {
  await saved(await opened('door', '1'), { employees: 11, insured_seen: 11 })
  const [visit] = await allVisits()
  await takeResults([{ ...accepted(visit.body), status: 'refused' }], new Date().toISOString())
  const again = await opened('correct', visit.client_id)
  expect(again.values.employees).toBe(11)
  expect(await saved(again, { employees: 10 })).toEqual({ operating: 'yes', employees: 9 })
})

it('says what a colleague had answered, when the desk asks about it', async () => {
  const answers = { operating: 'yes', employees: 7, insured_seen: 7 }
  const former = { client_id: 'c-9', by: '李秀英', recorded_at: '2026-11-20T02:00:00Z', outcome: 'done', answers }
  const returned = { question_text: '人数再核一下', questions: ['employees'], by: '李敏', at: '2026-11-22T00:00:00Z', former }
  await fetched({ state: 'returned', returned, prefill })
  expect(await saved(await opened('door', '1'), { employees: 8, insured_seen: 8 })).toEqual(answers)
})

it('keeps the days off it is told', async () => {
  await applyChanges(changes([], { days_off: ['2026-12-05', '2026-12-06'] }), phone.id)
  await applyChanges(changes([]), phone.id)
  await load()
  expect(state.daysOff).toEqual(['2026-12-05', '2026-12-06'])
})
