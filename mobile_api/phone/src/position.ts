/** One position, when a visit is saved and only if the person allows it. Nothing is tracked. */
import type { Position } from './types'

const PATIENCE_MS = 10_000

export function canPlace(): boolean {
  return typeof navigator !== 'undefined' && 'geolocation' in navigator && isSecureContext
}

/** Where the phone is, or null: refused, switched off, indoors, too slow. Never raises. */
export function takePosition(): Promise<Position | null> {
  if (!canPlace()) return Promise.resolve(null)
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lng: coords.longitude, lat: coords.latitude, accuracy: Math.round(coords.accuracy) }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 30_000 },
    )
  })
}
