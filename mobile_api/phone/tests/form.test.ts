import { describe, expect, it } from 'vitest'
import { answersOf, faultsOf, picturesIn, settle } from '../src/forms/form'
import { isDoubted, opening, pendingOf, typed } from '../src/forms/values'
import { outcomeWords, outcomesOf, wordsOf } from '../src/forms/words'
import type { Form, Item, Question, Value, Values } from '../src/types'
import { employerForm } from './cast'

const today = '2026-11-23'
const names = (given: Values, outcome: 'done' | 'refused' | 'nobody_in' = 'done') =>
  settle(employerForm, given, outcome, today).asked.map(({ question }) => question.name)
const faults = (given: Values, more: { pending?: string[] } = {}, outcome = 'done' as const) =>
  faultsOf(employerForm, given, outcome, { today, pending: more.pending ?? [] })

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
    expect(faultsOf(form, { x: 'a' }, 'done', { today, pending: [] })).toEqual([])
  })
})

describe('what keeps a form from being saved', () => {
  it('wants required answers, and only those', () => {
    expect(faults({}).map((fault) => fault.path)).toEqual(['operating'])
    expect(faults({ operating: 'yes' }).map((fault) => fault.path)).toEqual(['employees'])
  })

  it('tells a broken rule in the words of the form', () => {
    const [fault] = faults({ operating: 'yes', employees: -3 })
    expect(fault).toEqual({ path: 'employees', kind: 'constraint', message: '人数不能是负数' })
  })

  it('does not take a text for a number', () => {
    expect(faults({ operating: 'yes', employees: '十二' })).toEqual([{ path: 'employees', kind: 'number', message: '' }])
    expect(faults({ operating: 'yes', employees: 1.5 })[0].kind).toBe('number')
  })

  it('wants a required prefilled value looked at', () => {
    const given = { operating: 'yes', employees: 12 }
    expect(faults(given, { pending: ['employees'] })[0]).toMatchObject({ path: 'employees', kind: 'unconfirmed' })
    expect(answersOf(employerForm, given, 'done', today, ['employees'])).not.toHaveProperty('employees')
  })
})

describe('a question of each kind', () => {
  it.each<[Question['type'], good: Value, wrong: Value, kind: string]>([
    ['integer', 12, 1e10, 'large'],
    ['integer', -3, 1.5, 'number'],
    ['decimal', 1.5, '一块五', 'number'],
    ['decimal', 0, -2e9, 'large'],
    ['date', '2024-02-29', '2026-02-29', 'day'],
    ['date', '2026-11-23', 20261123, 'day'],
    ['time', '09:30', '24:00', 'clock'],
    ['time', '23:59', 930, 'clock'],
  ])('%s takes %s and not %s', (type, good, wrong, kind) => {
    const form = { ...employerForm, questions: [{ name: 'q', type, label: 'q' }] }
    const kinds = (q: Value) => faultsOf(form, { q }, 'done', { today, pending: [] }).map((fault) => fault.kind)
    expect([kinds(good), kinds(wrong)]).toEqual([[], [kind]])
  })

  it.each<[required: boolean | string, wanted: boolean]>([
    [true, true], [false, false], ['yes', true], ['no(', false], ["${outcome} = 'done'", true], ["${outcome} = 'closed'", false],
  ])('is required by %s: %s', (required, wanted) => {
    const form = { ...employerForm, questions: [{ name: 'q', type: 'text' as const, label: 'q', required }] }
    expect(settle(form, {}, 'done', today).asked[0].required).toBe(wanted)
    expect(faultsOf(form, { q: '' }, 'done', { today, pending: [] })).toHaveLength(wanted ? 1 : 0)
    expect(faultsOf(form, {}, 'done', { today, pending: ['q'] })).toHaveLength(wanted ? 1 : 0)
  })

  it.each<[calculation: string, value: Value]>([
    ['1 div 0', null], ['number(\'x\')', null], ['nonsense(', null], ['1 = 1', 'true'], ["concat('甲', 2)", '甲2'], ['7 div 2', 3.5],
  ])('reckons %s as %s', (calculation, value) => {
    const form = { ...employerForm, questions: [{ name: 'q', type: 'calculate' as const, label: 'q', calculation }] }
    expect(settle(form, {}, 'done', today).values.q).toBe(value)
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
    expect(pendingOf(prefill, {}, [])).toEqual([])
    expect(pendingOf({ employees: { ...prefill.employees, value: null } }, {}, [])).toEqual([])
  })

  it('is doubted where the desk asks about it', () => {
    const returned = { question_text: '人数再核一下', questions: ['employees'], by: '李敏', at: '2026-11-22T00:00:00Z' }
    expect([isDoubted(returned, 'employees'), isDoubted(returned, 'remark'), isDoubted(null, 'employees')]).toEqual([true, false, false])
  })
})

describe('typing', () => {
  const integer: Question = { name: 'n', type: 'integer', label: 'n' }

  it('reads full-width digits and keeps what is no number', () => {
    expect(typed(integer, '１２')).toBe(12)
    expect(typed(integer, '')).toBeNull()
    expect(typed(integer, '十二')).toBe('十二')
    expect(typed({ ...integer, type: 'text' }, '12')).toBe('12')
    expect(typed({ ...integer, type: 'decimal' }, '－1。5')).toBe(-1.5)
  })
})

describe('items of a repeat', () => {
  const form: Form = {
    code: 'crews', version: '1', title: '班组', outcomes: [{ name: 'done', label: '查了' }],
    questions: [
      { name: 'roster', type: 'select_one', label: '都在册吗', relevant: "${outcome} = 'done'", required: true },
      {
        name: 'crews', type: 'repeat', label: '班组', relevant: "${roster} = 'no'", min: 1, max: 2,
        questions: [
          { name: 'crew', type: 'text', label: '名称', required: true },
          { name: 'heads', type: 'integer', label: '${crew}有几人', required: true, constraint: '. >= 1', constraint_message: '至少 1 人' },
          { name: 'why', type: 'text', label: '为什么这么多', relevant: '${heads} > 50' },
          { name: 'face', type: 'photo', label: '照片' },
          { name: 'place', type: 'calculate', label: '', calculation: 'position(..)' },
        ],
      },
      { name: 'all', type: 'calculate', label: '', calculation: 'sum(${heads})' },
      { name: 'told', type: 'note', label: '共 ${all} 人' },
    ],
  }
  const asked = (given: Values) => settle(form, given, 'done', today)
  const wrong = (given: Values) => faultsOf(form, given, 'done', { today, pending: [] }).map(({ path, kind }) => [path, kind])
  const two: Values = { roster: 'no', crews: [{ crew: '甲', heads: 60 }, { crew: '乙', heads: 3, why: '不算数' }] }

  it('begins with as many as there must be, and asks of each what its own answers call for', () => {
    expect(asked({}).asked.map(({ path }) => path)).toEqual(['roster', 'told'])
    expect(asked({ roster: 'no' }).asked[1].items).toHaveLength(1)
    const paths = asked(two).asked[1].items.map((item) => item.map(({ path }) => path))
    expect(paths[0]).toEqual(['crews-1-crew', 'crews-1-heads', 'crews-1-why', 'crews-1-face'])
    expect(paths[1]).toEqual(['crews-2-crew', 'crews-2-heads', 'crews-2-face'])
  })

  it('reckons over all of them, and puts answers into words', () => {
    const { asked: shown, values } = asked(two)
    expect([values.all, (values.crews as Item[]).map((item) => item.place)]).toEqual([63, [1, 2]])
    expect([shown[2].label, shown[1].items[1][1].label]).toEqual(['共 63 人', '乙有几人'])
    expect(answersOf(form, two, 'done', today, [])).toEqual({
      roster: 'no', all: 63, crews: [{ crew: '甲', heads: 60, place: 1 }, { crew: '乙', heads: 3, place: 2 }],
    })
    expect(answersOf(form, { ...two, roster: 'yes' }, 'done', today, [])).toEqual({ roster: 'yes', all: 0 })
  })

  it('says which question of which item is wrong', () => {
    expect(wrong({ roster: 'no' })).toEqual([['crews-1-crew', 'required'], ['crews-1-heads', 'required']])
    expect(wrong({ roster: 'no', crews: [{ crew: '甲', heads: 1 }, {}] })).toEqual([['crews-2', 'blank']])
    expect(wrong({ roster: 'no', crews: [{ crew: '甲', heads: 0 }, { heads: 2 }] })).toEqual([
      ['crews-1-heads', 'constraint'], ['crews-2-crew', 'required'],
    ])
    const three = [1, 2, 3].map((heads) => ({ crew: '丙', heads }))
    expect(wrong({ roster: 'no', crews: three })).toEqual([['crews', 'many']])
  })

  it('has as many items as an expression reckons', () => {
    const counted = { ...form.questions[1], relevant: null, min: null, max: null, count: '${n}' }
    const questions: Question[] = [{ name: 'n', type: 'integer', label: 'n', relevant: "${outcome} = 'done'" }, counted]
    const items = (n: Value) => settle({ ...form, questions }, { n }, 'done', today).asked[1].items.length
    expect([items(null), items(3), items(-1), items(500)]).toEqual([0, 3, 0, 50])
  })

  it('are too few where how many there are to be hangs on themselves', () => {
    const [n, counted] = [{ name: 'n', type: 'calculate' as const, label: 'n', calculation: 'count(${r}) + 1' }, { name: 'r', type: 'repeat' as const, label: 'r', count: '${n}' }]
    const questions: Question[] = [n, { ...counted, questions: [{ name: 'p', type: 'text', label: 'p' }] }]
    const found = faultsOf({ ...form, questions }, {}, 'done', { today, pending: [] })
    expect(found).toEqual([{ path: 'r', kind: 'few', message: '' }])
  })

  it('must be one at least where the list is required', () => {
    const list: Question = { name: 'r', type: 'repeat', label: 'r', required: true, required_message: '至少一人', questions: [{ name: 'p', type: 'text', label: 'p' }] }
    const found = faultsOf({ ...form, questions: [list] }, { r: [] }, 'done', { today, pending: [] })
    expect(found).toEqual([{ path: 'r', kind: 'required', message: '至少一人' }])
  })

  it('finds the pictures of every item', () => {
    const given = { roster: 'no', crews: [{ face: 'aa' }, { face: ['bb', 'cc'] }] }
    expect(picturesIn(form.questions, given)).toEqual(['aa', 'bb', 'cc'])
    const signed: Question[] = [{ name: 's', type: 'signature', label: '' }, { name: 'at', type: 'position', label: '' }]
    expect(picturesIn(signed, { s: 'dd', at: { lng: 106.8, lat: 39.6, accuracy: 12 } })).toEqual(['dd'])
  })

  it('asks what the form says of an outcome, and nothing else', () => {
    expect(settle(form, {}, 'nobody_in', today).asked.map(({ path }) => path)).toEqual(['told'])
    expect(outcomesOf(form)).toEqual(['done'])
    expect(outcomeWords(form, 'done')).toBe('查了')
    expect(outcomesOf(employerForm)).toHaveLength(7)
    const plain = { ...form, outcomes: [{ name: 'refused', label: '拒访' }] }
    expect([outcomeWords(plain, 'refused'), outcomeWords(plain, 'done')]).toEqual([outcomeWords(employerForm, 'refused'), outcomeWords(employerForm, 'done')])
  })
})

describe('answers in words', () => {
  it('reads every kind', () => {
    const crews: Question = { name: 'crews', type: 'repeat', label: '', questions: [{ name: 'n', type: 'integer', label: '人数' }] }
    const words: [Question, Value, string][] = [
      [{ name: 'a', type: 'select_multiple', label: '', choices: [{ name: 'x', label: '甲' }] }, ['x', 'y'], '甲、y'],
      [{ name: 'a', type: 'photo', label: '' }, ['aa', 'bb'], '2 张'],
      [{ name: 'a', type: 'position', label: '' }, { lng: 106.8, lat: 39.6, accuracy: 12 }, '已记下位置，误差约 12 米'],
      [crews, [{ n: 3 }, {}], '1. 人数 3\n2. '],
      [{ name: 'a', type: 'text', label: '' }, null, '(空)'],
      [{ name: 'a', type: 'signature', label: '' }, 'aa', '1 张'],
      [crews, [{ gone: '乙' }], '1. gone 乙'],
    ]
    for (const [question, value, text] of words) expect(wordsOf(question, value)).toBe(text)
    expect([wordsOf(undefined, 'x'), wordsOf(undefined, [{ n: 3 }])]).toEqual(['x', '1. n 3'])
  })
})
