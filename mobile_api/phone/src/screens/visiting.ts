/** One visit being filled in: values, faults, autosave, pictures, and the moment of saving. */
import { computed, reactive, ref } from 'vue'
import { shrink } from '../camera/shrink'
import { answersOf, faultsOf, pendingOf, settle } from '../forms/form'
import { m } from '../messages'
import { canPlace, takePosition } from '../position'
import { day, state } from '../state'
import { changed } from '../store/channel'
import { isStorageFull } from '../store/db'
import { type DraftChange, changeDraft } from '../store/drafts'
import { dropPhoto, keepPhoto } from '../store/photos'
import { placeVisit, saveVisit } from '../store/visits'
import { synchronise } from '../sync/engine'
import type { Outcome, Value } from '../types'
import type { Opened } from './opening'

/** The position follows the saved visit, if it comes at all; nobody waits for it. */
async function follow(clientId: string): Promise<void> {
  await placeVisit(clientId, await takePosition())
  await synchronise(true)
}

export function useVisit(opened: Opened) {
  const { key, target, form, prefill } = opened
  const filled = reactive({ outcome: opened.outcome, values: { ...opened.values }, confirmed: [...opened.confirmed] })
  const photos = ref([...opened.photos])
  const draftFailed = ref(false)
  const touched = ref(false)
  const missed = ref<string[]>([])
  const saving = ref(false)
  const trouble = ref('')
  const saved = ref(false)

  const asked = computed(() => settle(form, filled.values, filled.outcome, day.value).asked)
  const pending = computed(() => pendingOf(prefill, filled.values, filled.confirmed))
  const askedPending = computed(() => asked.value.map(({ question }) => question.name).filter((n) => pending.value.includes(n)))
  const taken = computed(() => {
    const counts: Record<string, number> = {}
    for (const { question } of photos.value) counts[question] = (counts[question] ?? 0) + 1
    return counts
  })
  const faults = computed(() => {
    return faultsOf(form, filled.values, filled.outcome, { today: day.value, photos: taken.value, pending: pending.value })
  })

  /** Only what the last try to save found wrong is marked: a question that just appeared is not yet a fault. */
  const marked = computed(() => faults.value.filter((fault) => missed.value.includes(fault.name)))

  async function note(change: DraftChange): Promise<void> {
    touched.value = true
    try {
      await changeDraft(key, JSON.parse(JSON.stringify(target)), JSON.parse(JSON.stringify(change)))
      draftFailed.value = false
    } catch (error) {
      console.error(error)
      draftFailed.value = true
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

  function confirm(names: string[]): void {
    filled.confirmed.push(...names)
    void note({ confirmed: names })
  }

  /** Keeps a picture with the draft at once; answers what went wrong, in words. */
  async function addPhoto(question: string, file: Blob): Promise<string> {
    if (!crypto.subtle) return m.field.photoInsecure
    try {
      const bytes = await shrink(file)
      const photo = await keepPhoto(key, question, bytes)
      photos.value = [...photos.value.filter((one) => one.id !== photo.id), photo]
      await note({})
      return ''
    } catch (error) {
      return isStorageFull(error) ? m.field.photoFull : m.field.photoUnreadable
    }
  }

  async function removePhoto(id: string): Promise<void> {
    await dropPhoto(id)
    photos.value = photos.value.filter((photo) => photo.id !== id)
  }

  async function write(): Promise<void> {
    const { outcome, values } = filled
    const names = asked.value.map(({ question }) => question.name)
    const awaitPosition = state.position && canPlace()
    const visit = await saveVisit({
      key,
      target,
      form,
      outcome,
      answers: answersOf(form, values, outcome, day.value, pending.value),
      photos: photos.value.filter((photo) => names.includes(photo.question)),
      replaces: opened.replaces,
      corrects: opened.corrects,
      awaitPosition,
    })
    if (awaitPosition) void follow(visit.client_id)
    void synchronise(true)
  }

  /** Saves if nothing is missing. `saved` turns true only after the database has it. */
  async function save(): Promise<boolean> {
    missed.value = faults.value.map((fault) => fault.name)
    if (faults.value.length || saving.value) return false
    saving.value = true
    trouble.value = ''
    try {
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

  const parts = { filled, photos, asked, pending, askedPending, marked, draftFailed, touched, saving, trouble, saved }
  return { ...opened, ...parts, setOutcome, setValue, confirm, addPhoto, removePhoto, save }
}

export type Visiting = ReturnType<typeof useVisit>
