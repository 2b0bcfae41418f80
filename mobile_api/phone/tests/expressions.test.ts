import { describe, expect, it } from 'vitest'
import { ExpressionError, compile, evaluate, referencesOf } from '../src/forms/expressions'
import type { Value, Values } from '../src/types'
import shared from '../../../tests/contract/expressions.json'

const values: Values = { employees: 12, insured: 3, operating: 'yes', measures: ['a', 'c'], empty: null, day: '2026-03-01', people: [{ heads: 4 }, { heads: null }] }
const ask = (source: string, self?: string | number) => evaluate(source, { values, self, today: '2026-11-23', place: 2 })

describe('expressions', () => {
  it.each([
    ['${employees} > ${insured}', true],
    ['${employees} - ${insured} = 9', true],
    ['${employees}-${insured}', 9],
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['7 div 2', 3.5],
    ['7 mod 4', 3],
    ['-${insured} + 5', 2],
    ["${operating} = 'yes'", true],
    ['${operating} != "yes"', false],
    ["not(${operating} = 'yes')", false],
    ["selected(${measures}, 'c')", true],
    ["selected(${operating}, 'y')", false],
    ['count-selected(${measures}) = 2', true],
    ["${operating} = 'yes' and ${insured} < ${employees}", true],
    ["${operating} = 'closed' or ${insured} = 3", true],
    ['false() or true() and false()', false],
    ["if(${insured} > 5, 'many', 'few')", 'few'],
    ["coalesce(${empty}, 4)", 4],
    ['round(3.14159, 2)', 3.14],
    ["concat('甲', ${insured})", '甲3'],
    ["string-length('网格员')", 3],
    ["regex('15030200', '^[0-9]+$')", true],
    ['${day} <= today()', true],
    ['count(${people})', 2],
    ['sum(${heads}) + 1', NaN],
    ["regex(${operating}, 'y|es')", false],
    ['round(2.5)', 3],
    ['int(-2.7)', -2],
    ['position(..)', 2],
  ])('%s is %s', (source, expected) => {
    expect(ask(source)).toEqual(expected)
  })

  it('takes an unanswered question for the empty string and for no number', () => {
    expect(ask("${empty} = ''")).toBe(true)
    expect(ask('${empty} = 0')).toBe(false)
    expect(ask('${missing} > 0')).toBe(false)
    expect(ask('${missing} < 0')).toBe(false)
  })

  it('knows the answer itself as a dot', () => {
    expect(ask('. >= 0 and . <= 9999', 12)).toBe(true)
    expect(ask('.>0', 0)).toBe(false)
    expect(ask('. <= ${employees}', 13)).toBe(false)
  })

  it.each(['', '1 +', '${a', 'evil()', 'constructor()', 'selected(${a})', '1 2', "'open", '(1', 'a; b', 'count(1)', "regex(${a}, '(')", 'position()'])(
    'does not accept %s',
    (source) => {
      expect(() => compile(source)).toThrow(ExpressionError)
    },
  )

  it('names what it refers to', () => {
    expect(referencesOf("${a} > 1 and selected(${ b }, 'x')")).toEqual(['a', 'b'])
  })
})

interface Corpus {
  today: string
  place: number
  answers: Values
  cases: [source: string, own: Value, value: string | number | boolean | null][]
  unreadable: string[]
}

describe('what phone and server are both held to', () => {
  const corpus = shared as unknown as Corpus
  const { answers, today, place } = corpus

  it.each(corpus.cases)('%s of %s is %s', (source, self, value) => {
    const found = evaluate(source, { values: answers, self, today, place })
    if (value === null) expect(found).toBeNaN()
    else if (value === 0) expect(found === 0).toBe(true)
    else expect(found).toBe(value)
  })

  it.each(corpus.unreadable)('does not read %s', (source) => {
    expect(() => compile(source)).toThrow(ExpressionError)
  })
})
