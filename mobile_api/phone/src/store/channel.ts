/** Tells this page and the other open tabs that something in the database changed. */

type Listener = () => void

const listeners = new Set<Listener>()
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('grid-canvass')

if (channel) channel.onmessage = () => listeners.forEach((listener) => listener())

export function changed(): void {
  listeners.forEach((listener) => listener())
  channel?.postMessage('changed')
}

export function onChange(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
