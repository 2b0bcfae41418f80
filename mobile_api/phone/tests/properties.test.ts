import fc from 'fast-check'
import entries from 'virtual:forms'
import { describe, expect, it } from 'vitest'
import { type Asked, answersOf, faultsOf, picturesIn, settle } from '../src/forms/form'
import { ExpressionError, compile, evaluate, textOf } from '../src/forms/expressions'
import { outcomesOf } from '../src/forms/words'
import type { Form, Outcome, Value, Values } from '../src/types'
import corpus from '../../../tests/contract/expressions.json'

const forms = entries.map(({ form }) => form)
const today = '2026-11-23'
const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('yes', 'no', 'done', '王', '2026-02-30', '１２', '1e9', ' '))
const number = fc.oneof(fc.integer({ min: -5, max: 60 }), fc.double(), fc.integer())
const position = fc.record({ lng: fc.double(), lat: fc.double(), accuracy: fc.nat() })
/** Any value in any place: a form changed under a draft may find anything there. */
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    text,
    number,
    fc.array(text, { maxLength: 3 }),
    position,
    fc.array(fc.dictionary(text, tie('value'), { maxKeys: 3 }), { maxLength: 3 }),
  ),
}))

/** Answers that mostly fit the names of a form, within items too. */
function answers(form: Form): fc.Arbitrary<Values> {
  const inside = (names: string[], items: (name: string) => fc.Arbitrary<Value>): fc.Arbitrary<Values> =>
    fc.record(Object.fromEntries(names.map((name) => [name, items(name)])), { requiredKeys: [] }) as fc.Arbitrary<Values>
  return inside(form.questions.map(({ name }) => name), (name) => {
    const question = form.questions.find((candidate) => candidate.name === name)!
    const choices = question.choices?.map((choice) => choice.name) ?? []
    const fitting = choices.length ? [fc.constantFrom(...choices)] : []
    const item = inside(question.questions?.map((inner) => inner.name) ?? [], () => value)
    const items = question.type === 'repeat' ? [fc.array(item, { maxLength: 4 })] : []
    return fc.oneof(value, ...fitting, ...items, ...fitting, ...items) as fc.Arbitrary<Value>
  })
}

function paths(asked: Asked[]): string[] {
  return asked.flatMap(({ path, items }) => [path, ...items.flatMap((item, at) => [`${path}-${at + 1}`, ...paths(item)])])
}

describe.each(forms)('$code $version, whatever is answered', (form) => {
  const outcome = fc.constantFrom<Outcome>(...outcomesOf(form))

  it('asks, finds faults and gives answers without stumbling', () => {
    fc.assert(
      fc.property(answers(form), outcome, (given, came) => {
        const { asked, values } = settle(form, given, came, today)
        const known = paths(asked)
        for (const { path } of faultsOf(form, given, came, { today, pending: [] })) expect(known).toContain(path)
        const sent = answersOf(form, given, came, today, [])
        expect(Object.keys(sent).every((name) => form.questions.some((question) => question.name === name))).toBe(true)
        picturesIn(form.questions, values)
        JSON.stringify(sent)
      }),
      { numRuns: 150 },
    )
  })

  it('asks the same again of what it would send', () => {
    fc.assert(
      fc.property(answers(form), outcome, (given, came) => {
        const sent = answersOf(form, given, came, today, [])
        expect(answersOf(form, sent, came, today, [])).toEqual(sent)
      }),
      { numRuns: 100 },
    )
  })
})

describe('any expression', () => {
  const sources = corpus.cases.map(([source]) => String(source))
  const names = ['twelve', 'three', 'none', 'people', 'pay', 'kinds', 'day', 'wide', 'text', 'yes']

  it('that can be read comes to something, whatever the answers', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sources), fc.dictionary(fc.constantFrom(...names), value), value, (source, values, self) => {
        expect(typeof textOf(evaluate(source, { values, self, today, place: 1 }))).toBe('string')
      }),
      { numRuns: 2000 },
    )
  })

  it('is read, or refused as unreadable, and nothing else', () => {
    const token = fc.constantFrom(
      '${a}', '${b}', '.', '..', '(', ')', ',', '+', '-', '*', 'div', 'mod', '=', '!=', '<', '<=', 'and', 'or', '1', '2.5', "'x'", '"y"',
      'not', 'selected', 'count', 'sum', 'if', 'position', 'today', 'round', 'regex', 'nonsense', ' ', '\n', '中', '?', '{', '${', "'",
    )
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const source = tokens.join(' ')
        try {
          compile(source)
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError)
          return
        }
        evaluate(source, { values: { a: 1, b: [{ a: 'x' }] }, self: null, today, place: 1 })
      }),
      { numRuns: 3000 },
    )
  })
})
