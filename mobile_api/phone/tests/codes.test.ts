import { describe, expect, it } from 'vitest'
import { asPrinted, isWellFormed, readCode } from '../src/codes'
import { clockText, daysBetween, dayText, today } from '../src/days'

describe('codes', () => {
  it('knows a door, an enrolment and a notice', () => {
    expect(readCode(' GC1:HBW-000012:aB3_x ')).toEqual({ kind: 'door', premise: 'HBW-000012', text: 'GC1:HBW-000012:aB3_x' })
    expect(readCode('GCE1:https://wuhai.example:8443|K7-PQ')).toEqual({ kind: 'enrol', origin: 'https://wuhai.example:8443', code: 'K7-PQ' })
    expect(readCode('https://wuhai.example/v/HBW-2026-000123')).toMatchObject({ kind: 'notice', code: 'HBW-2026-000123' })
  })

  it.each(['', '12345', 'GC1:x', 'GCE1:javascript:alert(1)|K7', 'https://else.example/', 'GC1::sig'])('does not know %s', (text) => {
    expect(readCode(text).kind).toBe('unknown')
  })
})

describe('a door code typed by hand', () => {
  it('is read whatever its width, case and spacing', () => {
    expect(asPrinted(' ７mxv-u4bl ')).toBe('7MXVU4BL')
  })

  it.each(['7MXVU4BL', '6JUHJPF9', 'NMMFP882'])('%s is one of ours', (code) => expect(isWellFormed(code)).toBe(true))
  it.each(['7MXVU4BM', '7XMVU4BL', '7MXVU4B', '', 'OOOO'])('%s has a slip', (code) => expect(isWellFormed(code)).toBe(false))
})

describe('days', () => {
  it('are those of Wuhai', () => {
    expect(today(Date.parse('2026-11-22T16:30:00Z'))).toBe('2026-11-23')
    expect(today(Date.parse('2020-01-01T00:00:00Z'), 86_400_000)).toBe('2020-01-02')
    expect(daysBetween('2026-11-20', '2026-11-23')).toBe(3)
    expect(dayText('2026-01-05')).toBe('1月5日')
    expect(clockText('2026-11-23T02:05:00Z')).toBe('11月23日 10:05')
  })
})
