/** What the screens show: a picture of the database, drawn anew whenever something changes. */
import { computed, markRaw, reactive } from 'vue'
import { today } from './days'
import { orderedFrom, recallWay } from './list/here'
import { inOrder } from './list/order'
import { onChange } from './store/channel'
import { fact, isPractice, setFact } from './store/db'
import { type Standing, allDoors, isLeft, standingOf } from './store/doors'
import { allDrafts } from './store/drafts'
import { currentEnrolment, othersUnsent, ownIds } from './store/enrolments'
import { allPhotos } from './store/photos'
import { isTight, room } from './store/room'
import { allSuggestions } from './store/suggestions'
import { canSeal, hasPin, isLocked, lock } from './store/vault'
import { allVisits } from './store/visits'
import { type Progress, progress } from './sync/engine'
import { type Theme, applyTheme } from './theme'
import type { Draft, Enrolment, StoredDoor, StoredPhoto, StoredSuggestion, StoredVisit } from './types'

interface State {
  ready: boolean
  broken: boolean
  enrolment: Enrolment | null
  doors: StoredDoor[]
  visits: StoredVisit[]
  photos: StoredPhoto[]
  drafts: Draft[]
  suggestions: StoredSuggestion[]
  drift: number
  pulledAt: string
  /** Weekends and holidays of the coming weeks, as far as the server told them. */
  daysOff: string[]
  large: boolean
  theme: Theme
  position: boolean
  /** Made-up doors are shown; nothing leaves the phone. */
  practice: boolean
  /** A PIN seals everything and has not been given yet. */
  locked: boolean
  /** The browser cannot seal what lies on the phone (an insecure address): doors are not kept there. */
  clear: boolean
  /** The phone's storage is nearly full. */
  tight: boolean
  /** What others who used this phone have not handed in yet: numbers alone. */
  others: Others[]
  progress: Progress
  /** A new version lies ready; see update.ts for when it may start. */
  update: (() => void) | null
  now: number
}

type Others = Awaited<ReturnType<typeof othersUnsent>>[number]

export const state = reactive<State>({
  ready: false,
  broken: false,
  enrolment: null,
  doors: [],
  visits: [],
  photos: [],
  drafts: [],
  suggestions: [],
  drift: 0,
  pulledAt: '',
  daysOff: [],
  large: false,
  theme: 'auto',
  position: true,
  practice: false,
  locked: false,
  clear: false,
  tight: false,
  others: [],
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
  return inOrder(all, orderedFrom.value)
})

export const hasManyGrids = computed(() => new Set(state.doors.map(({ area }) => area)).size > 1)

export const left = computed(() => rows.value.filter((row) => isLeft(row.standing)))

export const waiting = computed(() => state.visits.filter((visit) => visit.state === 'waiting'))
export const refused = computed(() => state.visits.filter((visit) => visit.state === 'refused'))
/** What was sent under this enrolment; an earlier holder's visits are nobody's business here. */
export const sent = computed(() =>
  state.visits.filter((visit) => visit.state === 'sent' && visit.enrolment === state.enrolment?.id).reverse(),
)
export const waitingSuggestions = computed(() => state.suggestions.filter((suggestion) => suggestion.state === 'waiting'))
export const newAnswers = computed(() => state.suggestions.filter((suggestion) => !suggestion.seen))
export const waitingPhotos = computed(() =>
  state.photos.filter((photo) => photo.state === 'waiting' || photo.state === 'refused'),
)

/** Visits the server has while it still wants their pictures. */
export const photoVisits = computed(() => {
  const owners = new Set(waitingPhotos.value.map((photo) => photo.owner))
  return state.visits.filter((visit) => visit.state === 'sent' && owners.has(visit.client_id))
})
/** What the desk asks about: to be answered, or answered and not sent yet. */
export const returnedRows = computed(() =>
  rows.value.filter(({ door, standing }) => door.state === 'returned' && standing !== 'done'),
)

/** Behind a lock there is nothing to see. */
async function contents(locked: boolean): Promise<[StoredDoor[], StoredVisit[], StoredPhoto[], Draft[], StoredSuggestion[]]> {
  if (locked) return [[], [], [], [], []]
  const own = await ownIds()
  const visits = allVisits(own)
  return Promise.all([allDoors(visits), visits, allPhotos(own), allDrafts(own), allSuggestions(own)])
}

/** The reading that is going on, and the one that will follow it for whoever asked meanwhile. */
let reading: Promise<void> = Promise.resolve()
let following: Promise<void> | null = null

/**
 * Draws the picture anew, from the database as it is after this call. One reading after the other: of two at a time
 * the older could end last, and a phone just enrolled would show the screen for enrolling again.
 */
export function load(): Promise<void> {
  following ??= reading
    .catch(() => undefined)
    .then(() => {
      following = null
      reading = read()
      return reading
    })
  return following
}

async function read(): Promise<void> {
  const enrolment = await currentEnrolment()
  const locked = enrolment !== null && (await isLocked(enrolment.id))
  const [doors, visits, photos, drafts, suggestions] = await contents(locked)
  const [drift, pulledAt, large, position, theme, daysOff] = await Promise.all([
    fact<number>('drift'),
    fact<string>('pulled_at'),
    fact<boolean>('large'),
    fact<boolean>('position'),
    fact<Theme>('theme'),
    fact<string[]>('days_off'),
  ])
  // Replaced as a whole, never changed in place: watching every field of a thousand doors would cost the list its speed.
  const pictures = { doors: markRaw(doors), visits: markRaw(visits), photos: markRaw(photos), drafts: markRaw(drafts) }
  Object.assign(state, { enrolment, locked, ...pictures, suggestions, others: await othersUnsent(), clear: !canSeal() })
  Object.assign(state, { progress: { ...progress }, now: Date.now(), practice: isPractice() })
  Object.assign(state, { drift: drift ?? 0, pulledAt: pulledAt ?? '', large: large ?? false })
  Object.assign(state, { position: position ?? true, theme: theme ?? 'auto', daysOff: daysOff ?? [] })
  paint()
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

/** Type, colour and the mark of practice stand on the root element, where the styles look. */
function paint(): void {
  const { classList } = document.documentElement
  classList.toggle('large', state.large)
  classList.toggle('practice', state.practice)
  applyTheme(state.theme)
}

export async function prefer(name: 'large' | 'position' | 'theme', value: boolean | Theme): Promise<void> {
  await setFact(name, value)
  await load()
}

/** A phone laid aside for so long asks for its PIN again; what was half-typed is a draft. */
const LAID_ASIDE_MS = 10 * 60_000
let hiddenAt = 0

async function lockWhenLaidAside(): Promise<void> {
  if (document.visibilityState === 'hidden') {
    hiddenAt = Date.now()
    return
  }
  const isLong = hiddenAt > 0 && Math.abs(Date.now() - hiddenAt) >= LAID_ASIDE_MS
  if (!isLong || !state.enrolment || !(await hasPin(state.enrolment.id))) return
  lock()
  await load()
}

async function tick(): Promise<void> {
  state.now = Date.now()
  state.tight = isTight(await room())
}

/** Opens the database and keeps the picture fresh; `broken` when the browser gives none (private mode). */
export async function startState(): Promise<void> {
  onChange(loadSoon)
  setInterval(() => void tick(), 60_000)
  document.addEventListener('visibilitychange', () => void lockWhenLaidAside())
  try {
    await Promise.all([load(), recallWay()])
  } catch (error) {
    console.error(error)
    state.broken = true
    state.ready = true
  }
  void tick()
}
