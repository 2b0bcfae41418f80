import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExpressionError, compile } from '../src/forms/expressions'
import { matches, patternOf } from '../src/forms/patterns'
import shared from '../../../tests/contract/patterns.json'

interface Table {
  cases: [pattern: string, text: string, fits: boolean][]
  refused: [pattern: string, code: string][]
  unreadable: [pattern: string, code: string][]
}

describe('patterns, held to the same table as the server', () => {
  const table = shared as unknown as Table

  it.each(table.cases)('%s of %s is %s', (pattern, text, fits) => {
    expect(matches(pattern, text)).toBe(fits)
  })

  it.each(table.unreadable)('cannot match %s (%s)', (pattern) => {
    expect(() => patternOf(pattern)).toThrow()
    if (!pattern.includes("'")) expect(() => compile(`regex(., '${pattern}')`)).toThrow(ExpressionError)
  })

  it('takes half a surrogate pair for no letter', () => {
    expect(matches('.', '\ud800') && matches('\ufffd', '\udc00') && matches('..', '\ud86d\ud86d')).toBe(true)
    expect(matches('[一-龥]', '\ud86d')).toBe(false)
    expect(() => patternOf('\ud800')).toThrow()
  })

  it('is not kept busy by one that was published when more was allowed', () => {
    for (const [pattern] of table.refused) {
      for (const text of ['a'.repeat(4000), '1'.repeat(4000), '一 '.repeat(2000)]) {
        const begun = performance.now()
        try {
          matches(pattern, text)
        } catch {
          break
        }
        expect(performance.now() - begun, pattern).toBeLessThan(5000)
      }
    }
  })

  it('matches or throws, whatever the pattern', () => {
    const piece = fc.constantFrom('a', 'b', '[ab]', '.', '\\w', '一', '(', ')', '|', '*', '+', '?', '{2}', '{0,9}', '\\', '[', ']', '^', '$', '(?=', '\\1', '\\p{L}', '\\u4e00', '\ud800', '𬱖')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.string({ maxLength: 40 }), (pieces, text) => {
        const pattern = pieces.join('')
        try {
          patternOf(pattern)
        } catch {
          return
        }
        expect(typeof matches(pattern, text.repeat(20))).toBe('boolean')
      }),
      { numRuns: 1000 },
    )
  })
})
