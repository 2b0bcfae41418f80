/** How far a door is from the phone. Reckoned on the phone from a position nobody else learns of. */
import type { Premise } from '../types'

export interface Spot {
  lng: number
  lat: number
}

const EARTH_M = 6_371_000
const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Metres as the crow flies. */
export function metresBetween(a: Spot, b: Spot): number {
  const north = radians(b.lat - a.lat)
  const east = radians(b.lng - a.lng)
  const half = Math.sin(north / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(east / 2) ** 2
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(half)))
}

export function spotOf(premise: Premise | null): Spot | null {
  if (!premise || premise.lng === null || premise.lat === null) return null
  return { lng: premise.lng, lat: premise.lat }
}

/** "80 米", "1.2 公里": no more exact than a phone's position is. */
export function distanceText(metres: number): string {
  if (metres < 1000) return `${Math.max(10, Math.round(metres / 10) * 10)} 米`
  return `${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} 公里`
}
