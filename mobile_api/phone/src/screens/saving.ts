/** What the buttons of a form do, whichever form it is: save and show the first fault, or give the draft up. */
import { nextTick } from 'vue'
import { m } from '../messages'
import { replace } from '../route'
import { dropDraft } from '../store/drafts'
import { showConfirmDialog } from '../vant'
import type { Visiting } from './visiting'

/** Answers whether it is saved; else the first fault comes into sight with the cursor in it. */
export async function saveOrShowFault(visit: Visiting): Promise<boolean> {
  if (await visit.save()) return true
  await nextTick()
  const path = visit.firstFault()
  const place = path === undefined ? null : document.getElementById(`q-${path}`)
  place?.scrollIntoView({ block: 'center' })
  place?.querySelector<HTMLElement>('input, textarea, [role=radio], button')?.focus({ preventScroll: true })
  return false
}

export async function discardDraft(key: string): Promise<void> {
  const words = { message: m.door.discardAsk, confirmButtonText: m.door.discardYes, cancelButtonText: m.door.keep }
  const yes = await showConfirmDialog(words).then(() => true, () => false)
  if (!yes) return
  await dropDraft(key)
  replace('today')
}
