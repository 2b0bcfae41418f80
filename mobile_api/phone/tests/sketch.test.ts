import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Window, dotsOf, moved, onScreen, outlineOf, pointOf, tilesOf, windowOnto } from '../src/list/sketch'
import type { Standing } from '../src/store/doors'
import type { Door } from '../src/types'
import { door } from './cast'

const spot = fc.record({ lng: fc.double({ min: 106.7, max: 106.9, noNaN: true }), lat: fc.double({ min: 39.5, max: 39.8, noNaN: true }) })
const standing = fc.constantFrom<Standing>('overdue', 'open', 'returned', 'refused', 'waiting', 'done')
const rows = fc.array(fc.record({ spot, standing }), { maxLength: 40 }).map((all) =>
  all.map(({ spot, standing }, at): { door: Door; standing: Standing } => {
    return { door: door(at + 1, { premise: { code: 'x', label: '', ...spot } }), standing }
  }),
)
const window: Window = { ...pointOf({ lng: 106.8, lat: 39.65 }), scale: 2 ** 12, width: 360, height: 430 }

describe('the sketch map', () => {
  it('shows everything of the grids and doors when it is opened', () => {
    fc.assert(
      fc.property(fc.array(spot, { minLength: 1 }), (spots) => {
        const points = spots.map(pointOf)
        const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
        const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
        const onto = windowOnto(box, 360, 430)
        for (const point of points) {
          const { x, y } = onScreen(point, onto)
          expect(x).toBeGreaterThanOrEqual(0)
          expect(x).toBeLessThanOrEqual(360)
          expect(y).toBeGreaterThanOrEqual(0)
          expect(y).toBeLessThanOrEqual(430)
        }
      }),
    )
  })

  it('grows about the point between the fingers, and moves with them', () => {
    const pixel = fc.record({ x: fc.double({ min: 0, max: 360, noNaN: true }), y: fc.double({ min: 0, max: 430, noNaN: true }) })
    const step = fc.double({ min: -80, max: 80, noNaN: true })
    fc.assert(
      fc.property(spot, pixel, step, step, fc.double({ min: 0.5, max: 3, noNaN: true }), (place, at, dx, dy, factor) => {
        const point = pointOf(place)
        // The place under the finger, wherever it is on the world.
        const under = { x: window.x + (at.x - 180) / window.scale, y: window.y + (at.y - 215) / window.scale }
        const after = moved(window, dx, dy, factor, at)
        expect(onScreen(under, after).x).toBeCloseTo(at.x + dx, 6)
        expect(onScreen(under, after).y).toBeCloseTo(at.y + dy, 6)
        const back = moved(moved(window, dx, dy), -dx, -dy)
        expect(onScreen(point, back).x).toBeCloseTo(onScreen(point, window).x, 6)
      }),
    )
  })

  it('gathers every door it shows to one dot, and no door twice', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const shown = dotsOf(all, window).flatMap(({ members }) => members.map((row) => row.door.task_id))
        expect(new Set(shown).size).toBe(shown.length)
        const inside = all.filter(({ door }) => {
          const { x, y } = onScreen(pointOf(door.premise as { lng: number; lat: number }), window)
          return x >= 0 && y >= 0 && x <= 360 && y <= 430
        })
        for (const { door } of inside) expect(shown).toContain(door.task_id)
      }),
    )
  })

  it('gives a dot the most pressing state of its doors', () => {
    const at = (id: number, standing: Standing) => ({
      standing, door: door(id, { premise: { code: 'x', label: '', lng: 106.8, lat: 39.65 } }),
    })
    expect(dotsOf([at(1, 'done'), at(2, 'overdue'), at(3, 'open')], window)[0]).toMatchObject({ rank: 'overdue', members: { length: 3 } })
    expect(dotsOf([at(1, 'done'), at(2, 'refused')], window)[0].rank).toBe('asked')
  })

  it('leaves out doors without a place, and grids without an outline', () => {
    expect(dotsOf([{ door: door(1), standing: 'open' }], window)).toEqual([])
    const grid = (outline: unknown) => outlineOf({ code: 'g', name: '第一网格', outline })
    for (const none of [null, {}, 'x', { coordinates: [] }, { coordinates: [[[106.8, 39.6]]] }]) expect(grid(none)).toBeNull()
    const ring = [[106.8, 39.6], [106.9, 39.6], [106.9, 39.7], [106.8, 39.6]]
    expect(grid({ type: 'Polygon', coordinates: [ring] })?.rings).toHaveLength(1)
    expect(grid({ type: 'MultiPolygon', coordinates: [[ring], [ring]] })?.rings).toHaveLength(2)
  })

  it('asks for no tiles without a source, and for those beneath the window with one', () => {
    expect(tilesOf('', window)).toEqual([])
    const tiles = tilesOf('https://t.example/{z}/{x}/{y}', window)
    expect(tiles.every(({ address }) => /^https:\/\/t\.example\/12\/\d+\/\d+$/.test(address))).toBe(true)
    for (const corner of [{ x: 0, y: 0 }, { x: 359, y: 429 }]) {
      const over = tiles.filter(({ x, y, size }) => corner.x >= x && corner.x < x + size && corner.y >= y && corner.y < y + size)
      expect(over).toHaveLength(1)
    }
  })
})
