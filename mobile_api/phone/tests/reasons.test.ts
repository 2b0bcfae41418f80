import { beforeEach, describe, expect, it } from 'vitest'
import { answersOf, faultsOf, settle } from '../src/forms/form'
import { withReasons } from '../src/forms/reasons'
import { applyChanges, formOf, outcomesVersion } from '../src/store/doors'
import type { Form, Outcome, OutcomeTable, Question, Values } from '../src/types'
import { changes, door, employerForm, freshPhone, phone } from './cast'

const today = '2026-12-01'
const choice = (name: string, label: string) => ({ name, label })
const asked: Question[] = [
  {
    name: 'reason_moved', type: 'select_one', label: '具体是哪种情况？', required: true, relevant: "${outcome} = 'moved'",
    choices: [choice('moved_in', '搬到本市别处'), choice('moved_out', '搬到外地')],
  },
  {
    name: 'reason_nobody_in', type: 'select_one', label: '具体是哪种情况？', relevant: "${outcome} = 'nobody_in'",
    choices: [choice('away', '外出，到某日才回来')],
  },
  {
    name: 'reason_address', type: 'text', label: '新地址', required: "${reason_moved} = 'moved_in'",
    relevant: "${reason_moved} = 'moved_in' or ${reason_moved} = 'moved_out'",
  },
  { name: 'reason_back', type: 'date', label: '哪一天再来？', required: true, relevant: "${reason_nobody_in} = 'away'", constraint: '. >= today()' },
]
const table: OutcomeTable = { version: 'abc', groups: [{ forms: ['employer'], questions: asked }] }
const form = withReasons(employerForm, table)
const names = (given: Values, outcome: Outcome) => settle(form, given, outcome, today).asked.map(({ question }) => question.name)
const faults = (given: Values, outcome: Outcome) =>
  faultsOf(form, given, outcome, { today, pending: [] }).map(({ path, kind }) => `${path} ${kind}`)

describe('the reason for an outcome', () => {
  it('stands before the questions of the form, and only where the outcome has reasons', () => {
    expect(names({}, 'moved')[0]).toBe('reason_moved')
    expect(names({}, 'done')).not.toContain('reason_moved')
    expect(names({}, 'nobody_in')).toContain('reason_nobody_in')
  })

  it('asks for what it needs before the visit can be saved, and nothing more of the common ones', () => {
    expect(faults({}, 'nobody_in')).toEqual([])
    expect(faults({}, 'moved')).toContain('reason_moved required')
    expect(faults({ reason_moved: 'moved_in' }, 'moved')).toContain('reason_address required')
    expect(faults({ reason_moved: 'moved_out' }, 'moved')).not.toContain('reason_address required')
    expect(faults({ reason_nobody_in: 'away', reason_back: '2026-11-30' }, 'nobody_in')).toContain('reason_back constraint')
  })

  it('goes with the answers, and a reason for another outcome does not', () => {
    const given = { reason_moved: 'moved_in', reason_address: '新华东街8号', reason_nobody_in: 'away' }
    expect(answersOf(form, given, 'moved', today, [])).toMatchObject({ reason_moved: 'moved_in', reason_address: '新华东街8号' })
    expect(answersOf(form, given, 'moved', today, [])).not.toHaveProperty('reason_nobody_in')
    expect(answersOf(form, given, 'done', today, [])).not.toHaveProperty('reason_moved')
  })

  it('leaves a form alone that has no reasons, or words the question itself', () => {
    expect(withReasons(employerForm, undefined)).toBe(employerForm)
    const own: Form = { ...employerForm, questions: [asked[0]] }
    expect(withReasons(own, { ...table, groups: [{ forms: ['employer'], questions: [asked[0]] }] })).toBe(own)
    expect(withReasons({ ...employerForm, code: 'notice_service' }, table).questions).toEqual(employerForm.questions)
  })
})

describe('the table on the phone', () => {
  beforeEach(freshPhone)

  it('comes with a pull, is kept off line and replaced by the next', async () => {
    await applyChanges(changes([door(1)], { forms: [employerForm], outcomes: table }), phone.id)
    expect(await outcomesVersion()).toBe('abc')
    expect((await formOf('employer'))?.questions.map(({ name }) => name)).toContain('reason_moved')
    await applyChanges(changes([]), phone.id)
    expect(await outcomesVersion()).toBe('abc')
    await applyChanges(changes([], { outcomes: { version: 'def', groups: [] } }), phone.id)
    expect((await formOf('employer'))?.questions).toEqual(employerForm.questions)
  })
})
