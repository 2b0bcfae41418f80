/** How a form is begun from the door's page: `fill/<task>` or, with an outcome chosen there, `fill/<task>:<outcome>`. */
import { m } from '../messages'
import { go } from '../route'
import type { Outcome } from '../types'

export function begin(taskId: number, outcome: Outcome | null = null): void {
  go('fill', outcome ? `${taskId}:${outcome}` : taskId)
}

export function readBeginning(id: string): { taskId: number; outcome: Outcome | null } {
  const [task, outcome = ''] = id.split(':')
  return { taskId: Number(task), outcome: Object.keys(m.outcomes).includes(outcome) ? (outcome as Outcome) : null }
}
