/** ODK's own form engine, asked about the same form and the same answers as ours. Needs the jsdom environment. */
import type { Item, Outcome, Question, Value, Values } from '../src/types'

// The engine carries a parser made for either kind of module, which looks for this name.
Object.assign(globalThis, { __dirname: '/' })
export const { loadForm } = await import('@getodk/xforms-engine')

export type Node = {
  nodeType: string
  definition: { nodeset: string }
  currentState: { relevant: boolean; required: boolean; value: unknown; children: Node[] | null }
  validationState: { constraint?: { valid: boolean }; required?: { valid: boolean } }
  instanceState: { instanceXML: string }
  setValue: (value: unknown) => void
  selectValue: (value: string | null) => void
  selectValues: (values: string[]) => void
  addInstances: (after?: number, count?: number) => void
  removeInstances: (from: number, count?: number) => void
}

/** What the engine says of one question; `text` is its value as the XForm holds it. */
export interface Told {
  relevant: boolean
  required: boolean
  constraint: boolean
  missing: boolean
  text: string
}

export type Engine = (outcome: Outcome, answers: Values) => Map<string, Told>

export function nameOf(node: Node): string {
  return node.definition.nodeset.split('/').pop() ?? ''
}

function textOf(node: Node): string {
  return new DOMParser().parseFromString(`<x>${node.instanceState.instanceXML}</x>`, 'text/xml').documentElement.textContent ?? ''
}

/** A field that is the question itself in our forms may be wrapped in groups there. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const child of node.currentState.children ?? []) {
    if (child.nodeType === 'group') yield* childrenOf(child)
    else yield child
  }
}

function give(node: Node, question: Question, value: Value): void {
  if (question.type === 'select_one') node.selectValue(value === null ? null : String(value))
  else if (question.type === 'select_multiple') node.selectValues((value ?? []) as string[])
  else if (question.type === 'photo' || question.type === 'signature') node.setValue(value === null ? null : new File(['x'], 'x.jpg'))
  else if (question.type === 'position') node.setValue(value === null ? null : pointOf(value))
  else if (question.type === 'time') node.setValue(value === null ? '' : `${String(value)}:00.000+08:00`)
  // Nothing is the empty text there.
  else node.setValue(value ?? '')
}

function pointOf(value: Value): unknown {
  const { lat, lng, accuracy } = value as { lat: number; lng: number; accuracy: number }
  return { latitude: lat, longitude: lng, altitude: 0, accuracy }
}

export function fill(parent: Node, questions: Question[], answers: Values): void {
  for (const node of childrenOf(parent)) {
    const question = questions.find(({ name }) => name === nameOf(node))
    if (!question || question.calculation || question.type === 'note') continue
    if (question.type === 'repeat') fillItems(node, question, (answers[question.name] ?? []) as Item[])
    else give(node, question, answers[question.name] ?? null)
  }
}

function fillItems(range: Node, question: Question, items: Item[]): void {
  const held = (): number => range.currentState.children?.length ?? 0
  if (range.nodeType === 'repeat-range:uncontrolled') {
    if (held() > items.length) range.removeInstances(items.length, held() - items.length)
    if (held() < items.length) range.addInstances(held() - 1, items.length - held())
  }
  const instances = range.currentState.children ?? []
  instances.forEach((instance, at) => fill(instance, question.questions ?? [], items[at] ?? {}))
}

function read(parent: Node, before: string, told: Map<string, Told>): void {
  for (const node of childrenOf(parent)) {
    const path = before + nameOf(node)
    const { relevant, required } = node.currentState
    if (node.nodeType.startsWith('repeat-range')) {
      told.set(path, { relevant, required, constraint: true, missing: false, text: String(node.currentState.children?.length) })
      node.currentState.children?.forEach((instance, at) => read(instance, `${path}-${at + 1}-`, told))
      continue
    }
    const { constraint, required: filled } = node.validationState
    told.set(path, {
      relevant,
      required,
      constraint: constraint?.valid ?? true,
      missing: filled?.valid === false,
      text: relevant ? textOf(node) : '',
    })
  }
}

/** Reads an XForm once; each question to it fills in a fresh instance, counted repeats in a second round. */
export async function engineOf(xml: string, questions: Question[]): Promise<Engine> {
  const loaded = await loadForm(xml)
  if (loaded.status === 'failure') throw loaded.error
  return (outcome, answers) => {
    const root = loaded.createInstance().root as unknown as Node
    const asked = [...childrenOf(root)].find((node) => nameOf(node) === 'outcome')
    asked?.selectValue(outcome)
    fill(root, questions, answers)
    if (questions.some(({ count }) => count)) fill(root, questions, answers)
    const told = new Map<string, Told>()
    read(root, '', told)
    return told
  }
}
