import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distanceText, metresBetween } from '../src/list/distance'
import { duplicatesOf, nameLikeness } from '../src/list/duplicates'
import { inOrder, rankOf } from '../src/list/order'
import { matches } from '../src/list/search'
import type { Standing } from '../src/store/doors'
import type { Door, Unlisted } from '../src/types'
import { door } from './cast'

const HERE = { lng: 106.81, lat: 39.65 }
const STANDINGS: Standing[] = ['overdue', 'open', 'returned', 'refused', 'waiting', 'done']
const ids = (rows: { door: Door }[]): number[] => rows.map((row) => row.door.task_id)

const premise = fc.option(
  fc.record({
    code: fc.constant('7MXVU4BL'),
    label: fc.constant(''),
    lng: fc.option(fc.double({ min: 106, max: 107, noNaN: true })),
    lat: fc.option(fc.double({ min: 39, max: 40, noNaN: true })),
  }),
)
const row = fc.record({
  standing: fc.constantFrom(...STANDINGS),
  area: fc.constantFrom('150302001001001', '150302001001002'),
  address: fc.constantFrom('新华街1号', '新华街2号', '新华街10号', '人民路3号', '', 'ａ', 'a'),
  premise,
})
const list = fc.array(row, { maxLength: 30 }).map((rows) =>
  rows.map(({ standing, area, address, premise }, at) => {
    const plain = door(at + 1, { area, premise })
    return { standing, door: { ...plain, subject: { ...plain.subject, address } } }
  }),
)
const place = fc.constantFrom(null, HERE)

describe('the order of the list', () => {
  it('puts overdue doors first, then goes along the street by house number', () => {
    const rows = [10, 9, 2].map((id) => ({ door: door(id), standing: id === 2 ? ('overdue' as const) : ('open' as const) }))
    expect(ids(inOrder(rows))).toEqual([2, 9, 10])
  })

  it('is the same whatever order the doors come in, and changes nothing twice', () => {
    fc.assert(
      fc.property(list, place, fc.infiniteStream(fc.nat()), (rows, here, chance) => {
        const mixed = [...rows]
          .map((row) => ({ row, at: chance.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ row }) => row)
        const once = inOrder(rows, here)
        expect(ids(inOrder(mixed, here))).toEqual(ids(once))
        expect(ids(inOrder(once, here))).toEqual(ids(once))
        expect([...ids(once)].sort()).toEqual([...ids(rows)].sort())
      }),
    )
  })

  it('never puts a door that waits before one that is overdue or returned', () => {
    const order = ['overdue', 'asked', 'left', 'settled']
    fc.assert(
      fc.property(list, place, (rows, here) => {
        const ranks = inOrder(rows, here).map(({ standing }) => order.indexOf(rankOf(standing)))
        expect(ranks).toEqual([...ranks].sort())
      }),
    )
  })

  it('goes by distance from where the phone is; doors without a place come last', () => {
    const at = (id: number, lng: number | null): { door: Door; standing: Standing } => {
      return { door: door(id, { premise: { code: 'x', label: '', lng, lat: lng && HERE.lat } }), standing: 'open' }
    }
    const rows = [at(1, null), at(2, 106.9), at(3, 106.811), at(4, 106.8)]
    expect(ids(inOrder(rows, HERE))).toEqual([3, 4, 2, 1])
    expect(ids(inOrder(rows))).toEqual([1, 2, 3, 4])
  })
})

describe('distance', () => {
  it('is nought to itself, the same both ways, and short for short steps', () => {
    const spot = fc.record({ lng: fc.double({ min: -180, max: 180, noNaN: true }), lat: fc.double({ min: -89, max: 89, noNaN: true }) })
    fc.assert(
      fc.property(spot, spot, (a, b) => {
        expect(metresBetween(a, a)).toBe(0)
        expect(metresBetween(a, b)).toBeCloseTo(metresBetween(b, a), 3)
      }),
    )
    expect(metresBetween(HERE, { lng: HERE.lng, lat: HERE.lat + 0.001 })).toBeCloseTo(111.2, 0)
  })

  it('is said no more exactly than it is known', () => {
    expect([3, 84, 995, 1234, 23_456].map(distanceText)).toEqual(['10 米', '80 米', '1000 米', '1.2 公里', '23 公里'])
  })
})

describe('search', () => {
  const plain = door(3)
  const known = { ...plain, subject: { ...plain.subject, name: '乌海市通安汽车服务有限公司', initials: 'whstaqcfwyxgs' } }
  const at = { ...known, premise: { code: '7MXVU4BL', label: '临街门面', lng: null, lat: null } }

  it.each(['通安', '通安　汽车', 'taqc', 'TAQC', 'ｔａｑｃ', 'w', '新华 ３号', '91150302ma0n', '９１１５０３０２', '7mxv-u4bl', '７ＭＸＶ', '临街', ''])(
    'finds by %s', (words) => expect(matches(at, words)).toBe(true),
  )
  it.each(['乌达', 'qcxx', 't', '通安 乌达', '7MXVU4BM'])('does not find by %s', (words) => expect(matches(at, words)).toBe(false))

  it('finds by any prefix of the initials, in any case and width', () => {
    const initials = fc.array(fc.constantFrom(...'abcdefghjklmnopqrstwxyz'), { minLength: 1, maxLength: 20 }).map((all) => all.join(''))
    const wide = (text: string): string => [...text].map((char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).join('')
    fc.assert(
      fc.property(initials, fc.nat(), fc.constantFrom<(text: string) => string>((text) => text, (text) => text.toUpperCase(), wide), (all, cut, shape) => {
        const renamed = { ...plain, subject: { ...plain.subject, initials: all } }
        expect(matches(renamed, shape(all.slice(0, (cut % all.length) + 1)))).toBe(true)
      }),
    )
  })

  it('knows doors without initials, as an older server sends them', () => {
    expect(matches(plain, 'taqc')).toBe(false)
    expect(matches(plain, '示例单位3')).toBe(true)
  })
})

describe('a unit that may be known already', () => {
  const found: Unlisted = { name: '', credit_code: '', address: '', kind: 'enterprise', lng: null, lat: null }
  const named = (id: number, name: string, more: Partial<Door> = {}): Door => {
    const plain = door(id, more)
    return { ...plain, subject: { ...plain.subject, name, credit_code: `91150302MA0N0000${id}` } }
  }
  const doors = [named(1, '乌海市祥润酒店管理有限公司'), named(2, '乌海市通安汽车服务有限公司'), named(3, '老张火锅海勃湾店')]
  const alike = (change: Partial<Unlisted>, premise = ''): [number, string[]][] => {
    return duplicatesOf({ ...found, ...change }, premise, doors).map(({ door, same }) => [door.task_id, same])
  }

  it('is found by a like name, whatever place and legal form stand around it', () => {
    expect(alike({ name: '祥润酒店管理' })).toEqual([[1, ['name']]])
    expect(alike({ name: '海勃湾区通安汽车服务部' })).toEqual([[2, ['name']]])
    expect(alike({ name: '老张火锅' })).toEqual([[3, ['name']]])
    expect(alike({ name: '鑫源建材商店' })).toEqual([])
  })

  it('is found by its code and by its door, the code first', () => {
    expect(alike({ credit_code: '91150302ma0n00002' })).toEqual([[2, ['code']]])
    expect(alike({ credit_code: '91150302MA0N00002', name: '祥润酒店' }, 'HBW3')).toEqual([[2, ['code']], [1, ['name']], [3, ['address']]])
    expect(alike({ address: '海勃湾区 新华街1号' })).toEqual([[1, ['address']]])
  })

  it('is not looked for with nothing said', () => expect(alike({})).toEqual([]))

  it('likeness is 1 to itself, the same both ways, between 0 and 1', () => {
    const name = fc.string({ unit: fc.constantFrom(...'乌海市祥润酒店管理有限公司通安汽车 A1'), maxLength: 14 })
    fc.assert(
      fc.property(name, name, (a, b) => {
        const value = nameLikeness(a, b)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
        expect(nameLikeness(b, a)).toBeCloseTo(value, 12)
        if (a.trim()) expect(nameLikeness(a, a)).toBe(1)
      }),
    )
  })
})
