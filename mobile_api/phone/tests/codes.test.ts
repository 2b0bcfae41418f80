import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asPrinted, creditCheck, creditIn, isCreditCode, isWellFormed, readCode } from '../src/codes'
import { clockText, daysBetween, dayText, nextSaturday, nextWorkday, today } from '../src/days'

describe('codes', () => {
  it('knows a door, an enrolment and a notice', () => {
    expect(readCode(' GC1:7MXVU4BL:aB3_x ')).toEqual({ kind: 'door', premise: '7MXVU4BL', text: 'GC1:7MXVU4BL:aB3_x' })
    expect(readCode('GCE1:https://wuhai.example:8443|K7-PQ')).toEqual({ kind: 'enrol', origin: 'https://wuhai.example:8443', code: 'K7-PQ' })
    expect(readCode('https://wuhai.example/v/HBW-2026-000123')).toMatchObject({
      kind: 'notice', code: 'HBW-2026-000123', origin: 'https://wuhai.example',
    })
  })

  it.each(['', '12345', 'GC2:x', '你好'])('does not know %s', (text) => expect(readCode(text).kind).toBe('unknown'))

  it.each([
    ['GC1:x', 'broken-door'],
    ['GC1::sig', 'broken-door'],
    ['GC1:7MXVU4BM:aB3_x', 'broken-door'],
    ['GCE1:javascript:alert(1)|K7', 'broken-enrol'],
    ['https://else.example/', 'address'],
    ['https://www.gsxt.gov.cn/index.html', 'licence'],
    ['http://nm.gsxt.gov.cn/%7Babc%7D', 'licence'],
    ['wxp://f2f0AbC', 'payment'],
    ['https://qr.alipay.com/fkx12345', 'payment'],
  ])('says what a foreign code is: %s', (text, what) => expect(readCode(text)).toMatchObject({ kind: 'foreign', what }))

  it('does not take an address of another kind for the national register', () => {
    expect(readCode('https://gsxt.gov.cn.evil.example/')).toMatchObject({ what: 'address', host: 'gsxt.gov.cn.evil.example' })
  })
})

const CREDIT = ['91150302MA0N123452', '92150303MA13ABCDEH', '12150300460123456K']
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const any = fc
  .tuple(
    fc.constantFrom('91', '92', '12', '52'),
    fc.integer({ min: 150000, max: 159999 }),
    fc.array(fc.constantFrom(...alphabet), { minLength: 9, maxLength: 9 }),
  )
  .map(([kind, place, unit]) => `${kind}${place}${unit.join('')}`)
  .map((body) => body + creditCheck(body))

describe('a credit code', () => {
  it.each(CREDIT)('%s has the right check digit', (code) => expect(isCreditCode(code)).toBe(true))
  it.each(['91150302MA0N123453', '91150302MA0N12345', 'I1150302MA0N123452', ''])('%s is none', (code) => {
    expect(isCreditCode(code)).toBe(false)
  })

  it('is not well formed with any one character changed', () => {
    fc.assert(
      fc.property(any, fc.nat(17), fc.constantFrom(...alphabet), (code, at, char) => {
        fc.pre(code[at] !== char)
        expect(isCreditCode(code.slice(0, at) + char + code.slice(at + 1))).toBe(false)
      }),
    )
  })

  it('is found in whatever stands on a licence', () => {
    const around = fc.constantFrom<[string, string]>(
      ['http://www.gsxt.gov.cn/index/notsearch?uniscid=', '&regno=150302000012345'],
      ['统一社会信用代码:', ';名称:乌海市示例有限公司'],
      ['统一社会信用代码：', '，成立日期：2015-03-01'],
      ['https://nm.gsxt.gov.cn/%E4%BB%A3%E7%A0%81%3D', '%26x%3D1'],
      ['', ''],
      ['  ', '\n'],
    )
    fc.assert(
      fc.property(any, around, fc.boolean(), (code, [before, after], lower) => {
        const text = `${before}${lower ? code.toLowerCase() : code}${after}`
        expect(creditIn(text)).toBe(code)
        expect(readCode(text)).toMatchObject({ kind: 'credit', credit: code })
      }),
    )
  })

  it('is not made up from a longer key, and not chosen between two', () => {
    expect(creditIn(`https://x.example/?key=AB${CREDIT[0]}`)).toBe('')
    expect(creditIn(`${CREDIT[0]} ${CREDIT[1]}`)).toBe('')
    expect(creditIn('https://www.gsxt.gov.cn/%E4%BB%A3%')).toBe('')
    expect(creditIn(`${CREDIT[0]} ${CREDIT[0]}`)).toBe(CREDIT[0])
  })

  it('in full width is read too', () => {
    expect(creditIn('９１１５０３０２ＭＡ０Ｎ１２３４５２')).toBe(CREDIT[0])
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
  it('propose a working day of the official calendar, and the plain week where it is not known', () => {
    const newYear = ['2026-12-26', '2026-12-27', '2027-01-01', '2027-01-02']
    expect(nextWorkday('2026-12-31', [])).toBe('2027-01-01')
    expect(nextWorkday('2026-12-31', newYear)).toBe('2027-01-04')
    expect(nextWorkday('2026-12-31', [...newYear, '2027-01-09'])).toBe('2027-01-03')
    expect(nextWorkday('2027-01-08', newYear)).toBe('2027-01-11')
    expect([nextSaturday('2026-11-27'), nextSaturday('2026-11-28'), nextSaturday('2026-11-29')]).toEqual(['2026-11-28', '2026-12-05', '2026-12-05'])
  })

  it('are those of Wuhai', () => {
    expect(today(Date.parse('2026-11-22T16:30:00Z'))).toBe('2026-11-23')
    expect(today(Date.parse('2020-01-01T00:00:00Z'), 86_400_000)).toBe('2020-01-02')
    expect(daysBetween('2026-11-20', '2026-11-23')).toBe(3)
    expect(dayText('2026-01-05')).toBe('1月5日')
    expect(clockText('2026-11-23T02:05:00Z')).toBe('11月23日 10:05')
  })
})
