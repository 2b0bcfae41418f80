/** The geometry of the sketch map: Web Mercator as map tiles use it, a window onto it, and doors gathered to dots. Pure. */
import type { Grid } from '../types'
import type { Spot } from './distance'
import { type Rank, type Standee, rankOf } from './order'
import { spotOf } from './distance'

/** In a world 256 wide and high, as at zoom 0 of map tiles. */
export interface Point {
  x: number
  y: number
}

export const WORLD = 256
const radians = Math.PI / 180

export function pointOf({ lng, lat }: Spot): Point {
  const sin = Math.sin(Math.max(-85, Math.min(85, lat)) * radians)
  return { x: WORLD * (0.5 + lng / 360), y: WORLD * (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) }
}

type Ring = Point[]

function isPair(value: unknown): value is [number, number] {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'number'
}

function ringsIn(value: unknown): Ring[] {
  if (!Array.isArray(value) || value.length === 0) return []
  if (value.every(isPair)) return [value.map(([lng, lat]) => pointOf({ lng, lat }))]
  return value.flatMap(ringsIn)
}

export interface Outline {
  code: string
  name: string
  rings: Ring[]
  box: Box
}

/** A grid without an outline, or with one that cannot be read, is not drawn. */
export function outlineOf({ code, name, outline }: Grid): Outline | null {
  const rings = ringsIn((outline as { coordinates?: unknown } | null)?.coordinates).filter((ring) => ring.length > 2)
  const box = boxOf(rings.flat())
  return box && { code, name, rings, box }
}

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

export function boxOf(points: Point[]): Box | null {
  if (!points.length) return null
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x)
    box.right = Math.max(box.right, x)
    box.top = Math.min(box.top, y)
    box.bottom = Math.max(box.bottom, y)
  }
  return box
}

/** What is looked at: `scale` pixels to a unit of the world, `x` and `y` in the middle of the window. */
export interface Window {
  x: number
  y: number
  scale: number
  width: number
  height: number
}

/** About 40 m and 600 km across a phone. */
const SCALES = { least: 2 ** 8, most: 2 ** 21 }

export function clampScale(scale: number): number {
  return Math.max(SCALES.least, Math.min(SCALES.most, scale))
}

/** The whole box with a margin; a single point is shown with its neighbourhood. */
export function windowOnto(box: Box, width: number, height: number): Window {
  const span = (from: number, to: number): number => Math.max(to - from, 0.0005)
  const scale = clampScale(0.86 * Math.min(width / span(box.left, box.right), height / span(box.top, box.bottom)))
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, scale, width, height }
}

export function onScreen({ x, y }: Point, window: Window): Point {
  return {
    x: (x - window.x) * window.scale + window.width / 2,
    y: (y - window.y) * window.scale + window.height / 2,
  }
}

/** Moves by pixels and grows by `factor` about a pixel that stays where it is. */
export function moved(window: Window, dx: number, dy: number, factor = 1, at?: Point): Window {
  const scale = clampScale(window.scale * factor)
  const about = at ?? { x: window.width / 2, y: window.height / 2 }
  const fixed = { x: about.x - window.width / 2, y: about.y - window.height / 2 }
  return {
    ...window,
    scale,
    x: window.x + fixed.x / window.scale - (fixed.x + dx) / scale,
    y: window.y + fixed.y / window.scale - (fixed.y + dy) / scale,
  }
}

/** Pixels per metre at a latitude, for the circle of an uncertain position. */
export function pixelsPerMetre(lat: number, scale: number): number {
  return (WORLD * scale) / (40_075_017 * Math.cos(lat * radians))
}

export interface Dot<T> extends Point {
  key: string
  rank: Rank
  members: T[]
}

const RANKS: Rank[] = ['overdue', 'asked', 'left', 'settled']
/** As wide as a finger: what lies closer is one dot with a number. */
const CELL = 46

/** Doors on the screen gathered to dots a finger can tell apart; a dot shows the most pressing of its doors. */
export function dotsOf<T extends Standee>(rows: readonly T[], window: Window): Dot<T>[] {
  const cells = new Map<string, { sum: Point; members: T[] }>()
  const cell = CELL / window.scale
  for (const row of rows) {
    const spot = spotOf(row.door.premise)
    if (!spot) continue
    const point = pointOf(spot)
    const at = onScreen(point, window)
    if (at.x < -CELL || at.y < -CELL || at.x > window.width + CELL || at.y > window.height + CELL) continue
    // By the world, not by the screen: dots keep their members while the map is dragged.
    const key = `${Math.floor(point.x / cell)}:${Math.floor(point.y / cell)}`
    const held = cells.get(key) ?? { sum: { x: 0, y: 0 }, members: [] }
    held.sum.x += at.x
    held.sum.y += at.y
    held.members.push(row)
    cells.set(key, held)
  }
  return [...cells].map(([key, { sum, members }]) => ({
    key,
    x: sum.x / members.length,
    y: sum.y / members.length,
    members,
    rank: RANKS[Math.min(...members.map(({ standing }) => RANKS.indexOf(rankOf(standing))))],
  }))
}

export interface Tile extends Point {
  key: string
  size: number
  address: string
}

/** The tiles beneath the window: `{x}`, `{y}`, `{z}` of the setting filled in. Nothing while the setting is empty. */
export function tilesOf(template: string, window: Window): Tile[] {
  if (!template) return []
  const zoom = Math.max(0, Math.min(18, Math.round(Math.log2(window.scale))))
  const count = 2 ** zoom
  const side = WORLD / count
  const size = side * window.scale
  const first = { x: window.x - window.width / 2 / window.scale, y: window.y - window.height / 2 / window.scale }
  const last = { x: first.x + window.width / window.scale, y: first.y + window.height / window.scale }
  const clip = (value: number): number => Math.max(0, Math.min(count - 1, Math.floor(value / side)))
  const tiles: Tile[] = []
  for (let x = clip(first.x); x <= clip(last.x); x++) {
    for (let y = clip(first.y); y <= clip(last.y); y++) {
      const address = template.replace('{x}', `${x}`).replace('{y}', `${y}`).replace('{z}', `${zoom}`)
      tiles.push({ key: `${zoom}/${x}/${y}`, size, address, ...onScreen({ x: x * side, y: y * side }, window) })
    }
  }
  return tiles
}
