/**
 * The order of the list and, when the person asked for it, where the phone is. The place lives in this
 * page's memory alone: it is not written down and not sent, and is gone when the page is closed.
 */
import { computed, reactive } from 'vue'
import { takePosition } from '../position'
import { fact, setFact } from '../store/db'
import type { Position } from '../types'
import type { Way } from './order'

interface Here {
  way: Way
  place: Position | null
  asking: boolean
  failed: boolean
}

export const here = reactive<Here>({ way: 'street', place: null, asking: false, failed: false })

/** The place to order by; null along the streets, or while nobody asked. */
export const orderedFrom = computed(() => (here.way === 'near' ? here.place : null))

/** The order chosen last time. The place itself is asked for only at a tap. */
export async function recallWay(): Promise<void> {
  here.way = (await fact<Way>('way')) ?? 'street'
}

export async function locate(): Promise<void> {
  if (here.asking) return
  here.asking = true
  const place = await takePosition()
  here.asking = false
  here.failed = place === null
  if (place) here.place = place
}

export async function chooseWay(way: Way): Promise<void> {
  here.way = way
  if (way === 'near') void locate()
  await setFact('way', way)
}
