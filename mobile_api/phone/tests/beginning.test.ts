// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { begin, readBeginning } from '../src/screens/beginning'

describe('beginning a form from a door’s page', () => {
  it('says which door, and the outcome chosen there', () => {
    begin(12)
    expect(location.hash).toBe('#/fill/12')
    begin(12, 'refused')
    expect(readBeginning(decodeURIComponent(location.hash.split('/')[2]))).toEqual({ taskId: 12, outcome: 'refused' })
  })

  it('takes no outcome it does not know', () => {
    expect(readBeginning('12:toString')).toEqual({ taskId: 12, outcome: null })
    expect(readBeginning('12')).toEqual({ taskId: 12, outcome: null })
  })
})
