/** Answering the desk: what it asked stands open, what was answered before is folded away until somebody looks. */
import { computed, reactive, ref, watchEffect } from 'vue'
import { isEmpty } from '../forms/values'
import type { Visiting } from './visiting'

type Folded = Pick<Visiting, 'target' | 'asked' | 'pending' | 'marked' | 'filled'>

/** The names of the questions to leave out for now; a question once shown stays, also while it is being typed. */
export function useFolding({ target, asked, pending, marked, filled }: Folded) {
  const open = reactive(new Set(target.returned?.questions ?? []))
  const folded = ref(asked.value.some(({ question }) => open.has(question.name)))

  watchEffect(() => {
    for (const { question, required } of asked.value) {
      const { name } = question
      const isWanted = required && isEmpty(filled.values[name])
      const isFaulty = marked.value.some(({ path }) => path === name || path.startsWith(`${name}-`))
      if (isWanted || isFaulty || pending.value.includes(name)) open.add(name)
    }
  })

  const hidden = computed(() => {
    if (!folded.value) return []
    return asked.value.map(({ question }) => question.name).filter((name) => !open.has(name))
  })
  return { hidden, unfold: () => (folded.value = false) }
}
