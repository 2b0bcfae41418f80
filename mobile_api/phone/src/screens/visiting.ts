/** One visit being filled in: values, faults, autosave, pictures, and the moment of saving. */
import { computed, reactive, ref } from 'vue'
import { shrink } from '../camera/shrink'
import { type Asked, type Fault, answersOf, faultsOf, picturesIn, settle } from '../forms/form'
import { BACK } from '../forms/reasons'
import { pendingOf } from '../forms/values'
import { m } from '../messages'
import type { Evidence, EvidenceKind } from '../parts/fields/evidence'
import { canPlace, takePosition } from '../position'
import { day, state } from '../state'
import { changed } from '../store/channel'
import { isStorageFull } from '../store/db'
import { type DraftChange, changeDraft } from '../store/drafts'
import { dropPhoto, keepPhoto } from '../store/photos'
import { placeVisit, saveVisit } from '../store/visits'
import { synchronise } from '../sync/engine'
import type { Outcome, StoredPhoto, Unlisted, Value, Values } from '../types'
import { ownGrids } from './claiming'
import type { Opened } from './opening'

/** Kept with the draft beside the answers, and not an answer of the form: the day to come again. */
export const COME_AGAIN = 'come_again_on'
/** Kept likewise: the grid a door lies in of which nobody knew more than its community. */
export const GRID = 'settled_grid'
const WHOLE = 15
/** The note of a form that is read out before its questions. */
export const NOTICE = 'privacy_notice'

type DraftStanding = 'untouched' | 'keeping' | 'kept' | 'failed'

/** The position follows the saved visit, if it comes at all; nobody waits for it. */
async function follow(clientId: string): Promise<void> {
  await placeVisit(clientId, await takePosition())
  await synchronise(true)
}

/** Plain JSON: what a screen hands over is wrapped in proxies, which the database cannot copy. */
function copied<T>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}

/** In the order of the screen, top to bottom. */
function pathsOf(asked: Asked[]): string[] {
  return asked.flatMap(({ path, items }) => [
    path,
    ...items.flatMap((item, at) => [`${path}-${at + 1}`, ...pathsOf(item)]),
  ])
}

/** Those the answers hold; the very same picture given twice is sent once. */
function sentPhotos(photos: StoredPhoto[], held: string[]): StoredPhoto[] {
  return photos.filter(({ sha256 }, at) => held.includes(sha256) && photos.findIndex((photo) => photo.sha256 === sha256) === at)
}

export function useVisit(opened: Opened) {
  const { key, target, form, prefill } = opened
  const filled = reactive({ outcome: opened.outcome, values: copied(opened.values), confirmed: [...opened.confirmed] })
  const unlisted = target.unlisted ? reactive<Unlisted>({ ...target.unlisted }) : null
  const photos = ref([...opened.photos])
  const draft = ref<DraftStanding>('untouched')
  const touched = computed(() => draft.value !== 'untouched')
  const missed = ref<string[]>([])
  const saving = ref(false)
  const trouble = ref('')
  const saved = ref(false)

  const settled = computed(() => settle(form, filled.values, filled.outcome, day.value))
  const asked = computed(() => settled.value.asked)
  /** The reason given asks for the day itself. */
  const asksBack = computed(() => asked.value.some(({ question }) => question.name === BACK))
  const pending = computed(() => pendingOf(prefill, filled.values, filled.confirmed))
  const askedPending = computed(() => asked.value.map(({ question }) => question.name).filter((n) => pending.value.includes(n)))
  const asksPosition = computed(() => form.position === 'once' && canPlace())
  const asksGrid = target.area !== undefined && target.area.length < WHOLE && state.enrolment !== null && !state.practice
  const grid = computed(() => (typeof filled.values[GRID] === 'string' ? (filled.values[GRID] as string) : ''))
  /** Whoever found the door knows where it lies; whoever did not, or has no grid of their own here, need not say. */
  const isGridMissing = (): boolean =>
    asksGrid && filled.outcome === 'done' && !grid.value && ownGrids(target.area ?? '').length > 0
  const faults = computed(() => {
    const unnamed: Fault[] = unlisted && !unlisted.name.trim() ? [{ path: 'unlisted', kind: 'required', message: '' }] : []
    const ungridded: Fault[] = isGridMissing() ? [{ path: 'grid', kind: 'required', message: '' }] : []
    const known = { today: day.value, pending: pending.value }
    return [...unnamed, ...ungridded, ...faultsOf(form, filled.values, filled.outcome, known)]
  })

  /** Only what the last try to save found wrong is marked: a question that just appeared is not yet a fault. */
  const marked = computed(() => faults.value.filter((fault) => missed.value.includes(fault.path)))

  /** Kept is said only of the last change: of what was typed since, the database knows nothing yet. */
  let noted = 0
  async function note(change: DraftChange): Promise<void> {
    noted += 1
    const at = noted
    draft.value = 'keeping'
    try {
      // The outcome may have been chosen before the form was opened, and no change of it told.
      const whole = { outcome: filled.outcome, ...change }
      await changeDraft(key, copied(unlisted ? { ...target, unlisted } : target), copied(whole))
      if (at === noted) draft.value = 'kept'
    } catch (error) {
      console.error(error)
      draft.value = 'failed'
    }
    changed()
  }

  function setOutcome(outcome: Outcome): void {
    filled.outcome = outcome
    missed.value = []
    void note({ outcome })
  }

  function setValue(name: string, value: Value): void {
    filled.values[name] = value
    void note({ values: { [name]: value } })
  }

  function setUnlisted(change: Partial<Unlisted>): void {
    if (unlisted) Object.assign(unlisted, change)
    void note({})
  }

  function confirm(names: string[]): void {
    filled.confirmed.push(...names)
    void note({ confirmed: names })
  }

  /** Keeps a picture with the draft at once. A signature stays as it was written: it is small already. */
  async function keep(question: string, file: Blob, kind: EvidenceKind): Promise<{ sha256: string } | { trouble: string }> {
    if (!crypto.subtle) return { trouble: m.field.photoInsecure }
    try {
      const bytes = kind === 'photo' ? await shrink(file) : await file.arrayBuffer()
      const photo = await keepPhoto(key, question, bytes, kind)
      photos.value = [...photos.value.filter((other) => other.id !== photo.id), photo]
      return { sha256: photo.sha256 }
    } catch (error) {
      return { trouble: isStorageFull(error) ? m.field.photoFull : m.field.photoUnreadable }
    }
  }

  async function drop(sha256: string): Promise<void> {
    if (picturesIn(form.questions, filled.values).includes(sha256)) return
    const gone = photos.value.filter((photo) => photo.sha256 === sha256)
    photos.value = photos.value.filter((photo) => photo.sha256 !== sha256)
    await Promise.all(gone.map(({ id }) => dropPhoto(id)))
  }

  const evidence: Evidence = { photos, keep, drop, unfinished: new Set() }

  function shownAt(questions: Asked[]): Values {
    const names = questions.map(({ question }) => question.name)
    return Object.fromEntries(Object.entries(opened.shown).filter(([name]) => names.includes(name)))
  }

  async function write(): Promise<void> {
    const { outcome, values } = filled
    const awaitPosition = asksPosition.value && state.position
    const answers = answersOf(form, values, outcome, day.value, pending.value)
    const sent = sentPhotos(photos.value, picturesIn(form.questions, answers))
    const comeAgain = outcome === 'nobody_in' ? values[asksBack.value ? BACK : COME_AGAIN] : null
    const visit = await saveVisit({
      key,
      target: unlisted ? { ...target, unlisted: { ...unlisted } } : target,
      form,
      outcome,
      answers,
      photos: sent,
      shown: shownAt(asked.value),
      replaces: opened.replaces,
      corrects: opened.corrects,
      awaitPosition,
      come_again_on: typeof comeAgain === 'string' ? comeAgain : null,
      unlisted: unlisted ? { ...unlisted, name: unlisted.name.trim() } : null,
      grid: asksGrid ? grid.value : null,
    })
    if (awaitPosition) void follow(visit.client_id)
    // What no answer holds any more, a picture of a question that is not asked now, would stay for ever.
    const left = photos.value.filter((photo) => photo.owner === key && !sent.includes(photo))
    await Promise.all(left.map(({ id }) => dropPhoto(id))).catch(console.error)
    void synchronise(true)
  }

  /** Saves if nothing is missing. `saved` turns true only after the database has it. */
  async function save(): Promise<boolean> {
    if (saving.value) return false
    saving.value = true
    trouble.value = ''
    try {
      await Promise.all([...evidence.unfinished].map((finish) => finish()))
      missed.value = faults.value.map((fault) => fault.path)
      if (faults.value.length) return false
      await write()
      saved.value = true
      return true
    } catch (error) {
      console.error(error)
      trouble.value = isStorageFull(error) ? m.door.full : m.door.failed
      return false
    } finally {
      saving.value = false
    }
  }

  /** Where the first marked fault stands on the screen, by the end of its id. */
  function firstFault(): string | undefined {
    const order = ['unlisted', 'grid', ...pathsOf(asked.value)]
    const at = (path: string): number => order.indexOf(path)
    return marked.value.map(({ path }) => path).sort((a, b) => at(a) - at(b))[0]
  }

  const shown = { filled, unlisted, photos, asked, asksBack, pending, askedPending, asksPosition, marked, asksGrid, grid }
  const standing = { draft, touched, saving, trouble, saved }
  const acts = { setOutcome, setValue, setUnlisted, confirm, save, firstFault }
  return { ...opened, ...shown, ...standing, ...acts, evidence }
}

export type Visiting = ReturnType<typeof useVisit>
