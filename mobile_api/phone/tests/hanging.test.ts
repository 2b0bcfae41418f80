import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answersOf, faultsOf, settle } from '../src/forms/form'
import { inTime } from '../src/forms/reckoning'
import type { Form, Question, Value, Values } from '../src/types'

const today = '2026-11-23'
const facts = { today, pending: [] }

function question(name: string, more: Partial<Question> = {}): Question {
  return { name, type: 'text', label: name, ...more }
}

function form(...questions: Question[]): Form {
  return { code: 'employer', version: '20261201-0', title: '示例', position: 'never', questions: [question('asks', { relevant: "${outcome} = 'done'" }), ...questions] } as Form
}

describe('what was published when more was allowed', () => {
  it.each([
    "regex(., '(a)\\1')", "regex(., '(?=a)b')", '1+'.repeat(3000) + '1', '('.repeat(500) + '1' + ')'.repeat(500), '-'.repeat(5000) + '1',
  ])('asks nothing and hinders nobody (%.20s)', (source) => {
    const old = form(
      question('q', { constraint: source, required: source, relevant: source }),
      question('r', { type: 'repeat', count: source, questions: [question('p')] }),
      question('c', { type: 'calculate', calculation: source }),
    )
    const values = { q: 'aaa', r: [{ p: '甲' }, { p: '乙' }] }
    expect(faultsOf(old, values, 'done', facts)).toEqual([])
    expect(faultsOf(old, {}, 'done', facts)).toEqual([])
    expect(answersOf(old, values, 'done', today, [])).toEqual(values)
  })

  it('is matched without a pause where the browser would not come back', () => {
    const old = form(question('q', { constraint: "regex(., '(a+b?)*c')" }))
    const begun = performance.now()
    expect(faultsOf(old, { q: 'a'.repeat(4000) }, 'done', facts)).toMatchObject([{ path: 'q', kind: 'constraint' }])
    expect(performance.now() - begun).toBeLessThan(5000)
  })

  it('is asked whole where reckoning it would keep the page busy', () => {
    const inner = Array.from({ length: 90 }, (_, at) => question(`p${at}`, { constraint: "regex(., '[a-z]+')", relevant: '${p0} = 1' }))
    const heavy = form(question('r', { type: 'repeat', questions: inner }), question('c', { calculation: '1' }))
    expect(inTime(heavy)).not.toBe(heavy)
    expect(settle(heavy, { r: [{}] }, 'done', today).asked.at(-1)?.items[0]).toHaveLength(90)
    expect(faultsOf(heavy, { r: [{ p1: '1' }] }, 'done', facts)).toEqual([])
    const light = form(question('q'))
    expect(inTime(light)).toBe(light)
  })
})

describe('what a form may ask', () => {
  it('settles a chain of any length at once, whatever the order', () => {
    const chain = Array.from({ length: 98 }, (_, at) => question(`c${at}`, { type: 'calculate', calculation: `\${c${at + 1}} + 1` }))
    expect(settle(form(...chain, question('c98')), { c98: 1 }, 'done', today).values.c0).toBe(99)
    const items = form(question('r', { type: 'repeat', questions: [...chain, question('c98')] }))
    const { values } = settle(items, { r: [{ c98: 1 }, { c98: 2 }] }, 'done', today)
    expect((values.r as Values[]).map((item) => item.c0)).toEqual([99, 100])
  })

  it('ends words that double each other', () => {
    const double = (at: number): Question => question(`c${at}`, { type: 'calculate', calculation: `concat(${Array(9).fill(`\${c${at - 1}}`).join(',')})` })
    const doubling = Array.from({ length: 60 }, (_, at) => double(60 - at))
    const { values } = settle(form(...doubling, question('c0')), { c0: '字' }, 'done', today)
    expect([...(values.c60 as string)]).toHaveLength(4000)
  })

  it('ends in a circle, as the server does', () => {
    const circle = form(question('a', { relevant: "${b} = ''" }), question('b', { relevant: "${a} = ''" }))
    expect(answersOf({ ...circle, questions: circle.questions.slice(1) }, { a: '1', b: '2' }, 'done', today, [])).toEqual({ a: '1' })
  })

  it('is settled, asked and judged without stumbling, whatever its expressions', () => {
    const token = fc.constantFrom('${a}', '${b}', '${r}', '.', '..', '(', ')', ',', '+', '-', 'div', '=', '<', 'and', '1', "'x'", 'not(', 'concat(', 'sum(${p})', 'if(', "regex(., '", '(a|aa)+', "')", '中', '9'.repeat(400))
    const source = fc.array(token, { maxLength: 8 }).map((tokens) => tokens.join(' '))
    const answer: fc.Arbitrary<Value> = fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.array(fc.string(), { maxLength: 3 }), fc.constant([{ p: 'x' }]) as fc.Arbitrary<Value>)
    fc.assert(
      fc.property(source, source, source, answer, answer, (one, two, three, a, b) => {
        const any = form(
          question('a', { relevant: one, constraint: two }), question('b', { required: two, constraint: three }),
          question('r', { type: 'repeat', count: three, questions: [question('p', { constraint: one })] }), question('c', { calculation: three }),
        )
        faultsOf(any, { a, b, r: [{ p: 'x' }] }, 'done', facts)
        answersOf(any, { a, b, r: [{ p: 'x' }] }, 'done', today, [])
      }),
      { numRuns: 500 },
    )
  })
})
