/** What the screens show: a picture of the database, drawn anew whenever something changes. */
import { computed, reactive } from 'vue'
import { today } from './days'
import { onChange } from './store/channel'
import { fact, setFact } from './store/db'
import { type Standing, allDoors, inOrder, isLeft, standingOf } from './store/doors'
import { allDrafts } from './store/drafts'
import { currentEnrolment } from './store/enrolments'
import { allPhotos } from './store/photos'
import { allVisits } from './store/visits'
import { type Progress, progress } from './sync/engine'
import type { Draft, Enrolment, StoredDoor, StoredPhoto, StoredVisit } from './types'

interface State {
  ready: boolean
  broken: boolean
  enrolment: Enrolment | null
  doors: StoredDoor[]
  visits: StoredVisit[]
  photos: StoredPhoto[]
  drafts: Draft[]
  drift: number
  pulledAt: string
  large: boolean
  position: boolean
  progress: Progress
  update: (() => void) | null
  now: number
}

export const state = reactive<State>({
  ready: false,
  broken: false,
  enrolment: null,
  doors: [],
  visits: [],
  photos: [],
  drafts: [],
  drift: 0,
  pulledAt: '',
  large: false,
  position: true,
  progress: { ...progress },
  update: null,
  now: Date.now(),
})

export interface Row {
  door: StoredDoor
  standing: Standing
  visit: StoredVisit | undefined
  draft: boolean
}

export const day = computed(() => today(state.now, state.drift))

export const rows = computed<Row[]>(() => {
  const visits = new Map(state.visits.map((visit) => [visit.client_id, visit]))
  const drafts = new Set(state.drafts.map((draft) => draft.key))
  const all = state.doors.map((door) => {
    const visit = door.mark && visits.get(door.mark.client_id)
    const draft = drafts.has(`task:${door.task_id}`)
    return { door, visit, draft, standing: standingOf(door, visit, day.value) }
  })
  return inOrder(all)
})

export const left = computed(() => rows.value.filter((row) => isLeft(row.standing)))

export const waiting = computed(() => state.visits.filter((visit) => visit.state === 'waiting'))
export const refused = computed(() => state.visits.filter((visit) => visit.state === 'refused'))
/** What was sent under this enrolment; an earlier holder's visits are nobody's business here. */
export const sent = computed(() =>
  state.visits.filter((visit) => visit.state === 'sent' && visit.enrolment === state.enrolment?.id).reverse(),
)
export const waitingPhotos = computed(() =>
  state.photos.filter((photo) => photo.state === 'waiting' || photo.state === 'refused'),
)

export async function load(): Promise<void> {
  const [enrolment, doors, visits, photos, drafts] = await Promise.all([
    currentEnrolment(),
    allDoors(),
    allVisits(),
    allPhotos(),
    allDrafts(),
  ])
  const [drift, pulledAt, large, position] = await Promise.all([
    fact<number>('drift'),
    fact<string>('pulled_at'),
    fact<boolean>('large'),
    fact<boolean>('position'),
  ])
  Object.assign(state, { enrolment, doors, visits, photos, drafts, progress: { ...progress }, now: Date.now() })
  Object.assign(state, { drift: drift ?? 0, pulledAt: pulledAt ?? '', large: large ?? false, position: position ?? true })
  document.documentElement.classList.toggle('large', state.large)
  state.ready = true
}

let planned = 0

/** Many changes in a row (a picture going up) are drawn once. */
function loadSoon(): void {
  if (planned) return
  planned = window.setTimeout(() => {
    planned = 0
    void load()
  }, 120)
}

export async function prefer(name: 'large' | 'position', value: boolean): Promise<void> {
  await setFact(name, value)
  await load()
}

/** Opens the database and keeps the picture fresh; `broken` when the browser gives none (private mode). */
export async function startState(): Promise<void> {
  onChange(loadSoon)
  setInterval(() => (state.now = Date.now()), 60_000)
  try {
    await load()
  } catch (error) {
    console.error(error)
    state.broken = true
    state.ready = true
  }
}
