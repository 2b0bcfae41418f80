/**
 * Answering the desk: what it asked stands open, and so does what a new answer raises; what was answered before is
 * folded away until somebody looks.
 */
import { computed, reactive, ref, watchEffect } from 'vue'
import { isEmpty } from '../forms/values'
import type { Asked } from '../forms/form'
import type { Item, Value } from '../types'
import type { Visiting } from './visiting'

type Folded = Pick<Visiting, 'target' | 'asked' | 'pending' | 'marked' | 'filled'>

/** The paths of what is asked, also inside the items of a repeat. */
function pathsOf(asked: Asked[]): string[] {
  return asked.flatMap(({ path, items }) => [path, ...items.flatMap(pathsOf)])
}

/** Whether it must be answered and is not, itself or inside one of its items. */
function isWanting({ required, items }: Asked, value: Value | undefined): boolean {
  if (required && isEmpty(value)) return true
  return items.some((item, at) => item.some((inner) => isWanting(inner, (value as Item[] | undefined)?.[at]?.[inner.question.name])))
}

/** The names of the questions to leave out for now; a question once shown stays, also while it is being typed. */
export function useFolding({ target, asked, pending, marked, filled }: Folded) {
  const open = reactive(new Set(target.returned?.questions ?? []))
  const folded = ref(asked.value.some(({ question }) => open.has(question.name)))

  /** What the form asked with the answers of the visit the desk asks about. */
  const before = new Set(pathsOf(asked.value))

  watchEffect(() => {
    for (const shown of asked.value) {
      const { name } = shown.question
      const isRaised = pathsOf([shown]).some((path) => !before.has(path))
      const isFaulty = marked.value.some(({ path }) => path === name || path.startsWith(`${name}-`))
      if (isRaised || isWanting(shown, filled.values[name]) || isFaulty || pending.value.includes(name)) open.add(name)
    }
  })

  const hidden = computed(() => {
    if (!folded.value) return []
    return asked.value.map(({ question }) => question.name).filter((name) => !open.has(name))
  })
  return { hidden, unfold: () => (folded.value = false) }
}
