/** The line that says how sending stands: one function decides it, from counts and the last trouble. Pure. */
import { clockText } from './days'
import { m } from './messages'
import type { Progress } from './sync/engine'
import type { StoredPhoto, StoredSuggestion, StoredVisit } from './types'
import { isStuck } from './store/held'

export interface Counts {
  /** Visits and suggestions not handed in yet. */
  waiting: number
  /** Pictures the server still wants, of visits it has. */
  photos: number
  /** What the server refused for good, of any kind. */
  refused: number
  /** Of what waits: how much somebody on the way keeps from the server, time and again. */
  stuck: number
}

export interface Line {
  /** What the person has to do something about; '' when there is nothing. */
  bad: string
  text: string
}

export function countsOf(visits: StoredVisit[], photos: StoredPhoto[], suggestions: StoredSuggestion[]): Counts {
  const sent = new Set(visits.filter(({ state }) => state === 'sent').map(({ client_id }) => client_id))
  const wanted = photos.filter(({ owner }) => sent.has(owner))
  const all = [...visits, ...wanted, ...suggestions]
  const texts = [...visits, ...suggestions].filter(({ state }) => state === 'waiting')
  const pictures = wanted.filter(({ state }) => state === 'waiting')
  return {
    waiting: texts.length,
    photos: pictures.length,
    refused: all.filter(({ state }) => state === 'refused').length,
    stuck: [...texts, ...pictures].filter(({ held }) => isStuck(held)).length,
  }
}

function amountOf({ waiting, photos, refused }: Counts): string {
  if (waiting && photos) return m.outbox.both(waiting, photos)
  if (waiting) return m.outbox.waiting(waiting)
  if (photos) return m.outbox.photos(photos)
  return refused ? m.outbox.restSent : m.outbox.allSent
}

/** Without anything waiting, what is in the way needs no promise that it is kept. */
function conditionOf({ running, trouble }: Progress, isWaiting: boolean, pulledAt: string): string {
  if (running) return m.outbox.running
  if (trouble === 'none') return pulledAt ? m.outbox.updated(clockText(pulledAt)) : m.outbox.never
  return m.outbox.troubles[trouble] + (isWaiting ? m.outbox.kept[trouble] : '')
}

export function outboxLine(counts: Counts, progress: Progress, pulledAt: string): Line {
  const { waiting, photos, refused, stuck } = counts
  const bad = refused ? m.outbox.refused(refused) : stuck ? m.outbox.stuck(stuck) : ''
  const condition = conditionOf(progress, waiting + photos > 0, pulledAt)
  return { bad, text: `${amountOf(counts)} · ${condition}` }
}
