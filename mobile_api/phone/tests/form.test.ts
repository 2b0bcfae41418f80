import { describe, expect, it } from 'vitest'
import { answersOf, faultsOf, opening, pendingOf, settle, typed } from '../src/forms/form'
import type { Question, Values } from '../src/types'
import { employerForm } from './cast'

const today = '2026-11-23'
const names = (given: Values, outcome: 'done' | 'refused' | 'nobody_in' = 'done') =>
  settle(employerForm, given, outcome, today).asked.map(({ question }) => question.name)
const faults = (given: Values, more: { photos?: Record<string, number>; pending?: string[] } = {}, outcome = 'done' as const) =>
  faultsOf(employerForm, given, outcome, { today, photos: more.photos ?? {}, pending: more.pending ?? [] })

describe('what a form asks', () => {
  it('asks follow-up questions only when an answer calls for them', () => {
    expect(names({})).toEqual(['operating', 'remark'])
    expect(names({ operating: 'yes' })).toContain('employees')
    expect(names({ operating: 'yes', employees: 5, insured_seen: 2 })).toContain('lapsed')
    expect(names({ operating: 'yes', employees: 5, insured_seen: 5 })).not.toContain('lapsed')
  })

  it('asks for the remark and the photo alone when the employer refuses', () => {
    expect(names({}, 'refused')).toEqual(['remark', 'refusal_photo'])
    expect(names({}, 'nobody_in')).toEqual(['remark'])
  })

  it('forgets what hangs on an answer that was taken back', () => {
    const given = { operating: 'closed', employees: 5, insured_seen: 2, lapsed: 'yes' }
    expect(names(given)).toEqual(['operating', 'remark'])
    expect(answersOf(employerForm, given, 'done', today, [])).toEqual({ operating: 'closed' })
  })

  it('calculates without asking', () => {
    const given = { operating: 'yes', employees: 9, insured_seen: 4 }
    expect(names(given)).not.toContain('uninsured')
    expect(answersOf(employerForm, given, 'done', today, [])).toMatchObject({ uninsured: 5 })
  })

  it('shows a question whose condition cannot be read', () => {
    const broken: Question = { name: 'x', type: 'text', label: 'x', relevant: 'nonsense(', constraint: '((' }
    const form = { ...employerForm, questions: [broken] }
    expect(settle(form, { x: 'a' }, 'done', today).asked).toHaveLength(1)
    expect(faultsOf(form, { x: 'a' }, 'done', { today, photos: {}, pending: [] })).toEqual([])
  })
})

describe('what keeps a form from being saved', () => {
  it('wants required answers, and only those', () => {
    expect(faults({}).map((fault) => fault.name)).toEqual(['operating'])
    expect(faults({ operating: 'yes' }).map((fault) => fault.name)).toEqual(['employees'])
  })

  it('tells a broken rule in the words of the form', () => {
    const [fault] = faults({ operating: 'yes', employees: -3 })
    expect(fault).toEqual({ name: 'employees', kind: 'constraint', message: '人数不能是负数' })
  })

  it('does not take a text for a number', () => {
    expect(faults({ operating: 'yes', employees: '十二' })).toEqual([{ name: 'employees', kind: 'number', message: '' }])
    expect(faults({ operating: 'yes', employees: 1.5 })[0].kind).toBe('number')
  })

  it('wants a required prefilled value looked at', () => {
    const given = { operating: 'yes', employees: 12 }
    expect(faults(given, { pending: ['employees'] })[0]).toMatchObject({ name: 'employees', kind: 'unconfirmed' })
    expect(answersOf(employerForm, given, 'done', today, ['employees'])).not.toHaveProperty('employees')
  })
})

describe('prefilled values', () => {
  const prefill = { employees: { value: 12, source: '社保名册', as_of: '2026-10-31' } }

  it('opens with what the register knows, below what was typed before', () => {
    expect(opening(prefill, {})).toEqual({ employees: 12 })
    expect(opening(prefill, { employees: 14 })).toEqual({ employees: 14 })
  })

  it('is pending until confirmed or corrected', () => {
    expect(pendingOf(prefill, { employees: 12 }, [])).toEqual(['employees'])
    expect(pendingOf(prefill, { employees: 12 }, ['employees'])).toEqual([])
    expect(pendingOf(prefill, { employees: 13 }, [])).toEqual([])
  })
})

describe('typing', () => {
  const integer: Question = { name: 'n', type: 'integer', label: 'n' }

  it('reads full-width digits and keeps what is no number', () => {
    expect(typed(integer, '１２')).toBe(12)
    expect(typed(integer, '')).toBeNull()
    expect(typed(integer, '十二')).toBe('十二')
    expect(typed({ ...integer, type: 'text' }, '12')).toBe('12')
  })
})
