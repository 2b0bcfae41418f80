/** What of the list a person looks at: kept while the app is open, so that coming back from a door changes nothing. */
import { computed, reactive } from 'vue'
import { m } from '../messages'
import { type Row, rows } from '../state'
import { unserved } from '../screens/serving'
import { isLeft } from '../store/doors'
import { type Spot, metresBetween, spotOf } from './distance'
import { orderedFrom } from './here'
import { rankOf } from './order'
import { matches } from './search'

export type Filter = keyof typeof m.today.filters

export const view = reactive({ query: '', filter: 'left' as Filter, kinds: [] as string[], scrolled: 0, drawn: 0 })

/** The day to come again, for a door where nobody was in and nothing else was reported since. */
export function comeAgainOf({ door, standing }: Row): string {
  if (!isLeft(standing)) return ''
  // What this phone reported last counts before what the server held until then.
  const told = door.mark?.outcome === 'nobody_in' ? door.mark : door
  return told.come_again_on ?? ''
}

/** Documents still to be served: what this phone recorded as served counts no more, sent or not. */
export function noticesOf(row: Row): number {
  return unserved(row.door).length
}

function passes(row: Row, filter: Filter): boolean {
  if (filter === 'left') return isLeft(row.standing)
  if (filter === 'notices') return noticesOf(row) > 0
  if (filter === 'again') return comeAgainOf(row) !== ''
  return row.standing === filter
}

/** Lines of the list are drawn so many at a time. */
export const PIECE = 12

export interface Choice<T> {
  name: T
  label: string
  count: number
}

/** Doors by kind, the kinds as the server names them. */
export const kinds = computed<Choice<string>[]>(() => {
  const all = new Map<string, Choice<string>>()
  for (const { door } of rows.value) {
    const { kind, kind_label } = door.subject
    const choice = all.get(kind) ?? { name: kind, label: kind_label || kind, count: 0 }
    choice.count += 1
    all.set(kind, choice)
  }
  return [...all.values()].sort((a, b) => b.count - a.count)
})

const ofKind = computed(() => {
  const chosen = new Set(view.kinds.filter((kind) => kinds.value.some(({ name }) => name === kind)))
  return chosen.size ? rows.value.filter(({ door }) => chosen.has(door.subject.kind)) : rows.value
})

/** Only states that some door is in; the one chosen stays, or nobody could leave it. */
export const filters = computed<Choice<Filter>[]>(() =>
  (Object.keys(m.today.filters) as Filter[])
    .map((name) => ({ name, label: m.today.filters[name], count: ofKind.value.filter((row) => passes(row, name)).length }))
    .filter(({ name, count }) => count > 0 || name === 'left' || name === view.filter),
)

/** A search looks through everything, whatever the filter: the worker stands before that door. */
export const shown = computed(() => {
  const words = view.query.trim()
  return words ? rows.value.filter((row) => matches(row.door, words)) : ofKind.value.filter((row) => passes(row, view.filter))
})

interface Heading {
  key: string
  title: string
  count: number
}

/** `headed`: the heading above names the grid. */
export type Line = Heading | { key: number; row: Row; far: number | null; headed: boolean }

function titleOf(row: Row, spot: Spot | null): string {
  const rank = rankOf(row.standing)
  if (rank === 'overdue' || rank === 'asked') return m.today.groups[rank]
  if (!spot) return row.door.area_name
  return spotOf(row.door.premise) ? m.today.groups.near : m.today.groups.placeless
}

/** The list as it is drawn: headings and rows one below the other. */
export const lines = computed<Line[]>(() => {
  const spot = orderedFrom.value
  const all: Line[] = []
  let heading: Heading = { key: '', title: '', count: 0 }
  for (const row of shown.value) {
    const title = titleOf(row, spot)
    if (!heading.key || heading.title !== title) {
      heading = { key: `h${row.door.task_id}`, title, count: 0 }
      all.push(heading)
    }
    heading.count += 1
    const place = spot && spotOf(row.door.premise)
    const far = spot && place ? metresBetween(spot, place) : null
    all.push({ key: row.door.task_id, row, far, headed: title === row.door.area_name })
  }
  return all
})
