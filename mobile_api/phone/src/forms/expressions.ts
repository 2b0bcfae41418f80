/**
 * The part of XPath that XLSForm authors use, without eval: `${name}`, `.`, numbers, strings, comparison,
 * and/or, arithmetic, parentheses and the functions listed below. The server reads the same in
 * tasks/forms/rules/expressions.py; tests/contract/expressions.json holds both to it, patterns.json to how patterns match.
 */
import type { Item, Position, Value, Values } from '../types'
import { matches, patternOf } from './patterns'

export class ExpressionError extends Error {}

export type Result = string | number | boolean

/** `values` holds the answers, inside a repeat those of the item too; `place` counts the item from one. */
export interface Scope {
  values: Values
  self?: Value
  today?: string
  place?: number
}

type Node = (scope: Scope) => Result

interface Token {
  kind: 'number' | 'string' | 'ref' | 'name' | 'op' | 'end'
  text: string
}

const LONGEST = 4000
const MOST_WORDS = 300
const DEEPEST = 30
/** No answer is longer. Words put together end there, or calculations that double each other would fill the memory. */
const LONGEST_TEXT = 4000
const TOKEN =
  /[ \t\r\n]*(?:(\d+(?:\.\d*)?|\.\d+)|"([^"]*)"|'([^']*)'|\$\{[ \t\r\n]*([^} \t\r\n]+)[ \t\r\n]*\}|([A-Za-z_][\w-]*)|(!=|<=|>=|\.\.|[=<>+\-*(),.]))/y

function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  let depth = 0
  TOKEN.lastIndex = 0
  let end = source.length
  while (' \t\r\n'.includes(source[end - 1] ?? '-')) end -= 1
  if (end > LONGEST && [...source.slice(0, end)].length > LONGEST) throw new ExpressionError('too long')
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(source)
    if (!found) throw new ExpressionError(`cannot read "${source.slice(at, at + 80)}"`)
    const [, number, double, single, ref, name, op] = found
    if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (double !== undefined || single !== undefined) tokens.push({ kind: 'string', text: double ?? single })
    else if (ref !== undefined) tokens.push({ kind: 'ref', text: ref })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else tokens.push({ kind: 'op', text: op })
    depth += op === '(' ? 1 : op === ')' ? -1 : 0
    if (tokens.length > MOST_WORDS || depth > DEEPEST) throw new ExpressionError('too long or too deep')
  }
  tokens.push({ kind: 'end', text: '' })
  return tokens
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const NUMBER = /^[ \t\r\n]*-?(?:\d+(?:\.\d*)?|\.\d+)[ \t\r\n]*$/

/** Days since 1970-01-01 for a date, the number itself for digits, NaN for everything else. */
export function numberOf(value: Result): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  const day = DAY.exec(value)
  if (day) return daysOf(+day[1], +day[2], +day[3])
  return NUMBER.test(value) ? Number(value) : NaN
}

export function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(numberOf(text))
}

function daysOf(year: number, month: number, date: number): number {
  const at = new Date(0)
  at.setUTCFullYear(year, month - 1, date)
  const exists = year > 0 && at.getUTCMonth() === month - 1 && at.getUTCDate() === date
  return exists ? at.getTime() / 86_400_000 : NaN
}

/** XPath writes numbers without an exponent, and whole ones without a point. */
function digitsOf(value: number): string {
  if (Number.isNaN(value)) return ''
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  if (Number.isInteger(value)) return BigInt(value).toString()
  const [, sign, whole, part, power] = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(String(value)) ?? []
  return power ? `${sign}0.${'0'.repeat(+power - 1)}${whole}${part ?? ''}` : String(value)
}

export function textOf(value: Result): string {
  return typeof value === 'number' ? digitsOf(value) : String(value)
}

export function truthOf(value: Result): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value)
  return value.length > 0
}

export function isItems(value: Value | undefined): value is Item[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object')
}

export function isPosition(value: Value | undefined): value is Position {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'lng' in value
}

function isItem(value: Value | Item): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('lng' in value)
}

/** An answer as it came → what expressions reckon with; a position as XForms write it. */
function plain(value: Value | Item | undefined): Result {
  if (value === null || value === undefined || isItem(value)) return ''
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string').join(' ')
  if (typeof value === 'object') return [value.lat, value.lng, 0, value.accuracy || 0].map(textOf).join(' ')
  return value
}

/** Object.hasOwn is younger than the phones this runs on. */
function has(values: object, name: string): boolean {
  return Object.prototype.hasOwnProperty.call(values, name)
}

/** What a name stands for: a repeat's items, the answer of that name, or that answer in each item of a repeat. */
function nodesOf(values: Values, name: string): (Value | Item)[] {
  if (has(values, name)) {
    const value = values[name]
    return isItems(value) || (Array.isArray(value) && !value.length) ? value : [value]
  }
  const found: (Value | Item)[] = []
  for (const value of Object.values(values)) {
    if (isItems(value)) found.push(...value.filter((item) => has(item, name)).map((item) => item[name]))
  }
  return found
}

/** As in XPath, a name that stands for many is the first of them. */
function first(values: Values, name: string): Result {
  return plain(has(values, name) ? values[name] : nodesOf(values, name)[0])
}

const NODE_SETS: Record<string, (values: Values, name: string) => number> = {
  count: (values, name) => nodesOf(values, name).length,
  // As XPath adds: an item without an answer leaves no total.
  sum: (values, name) => nodesOf(values, name).reduce<number>((sum, value) => sum + numberOf(plain(value)), 0),
}

function same(a: Result, b: Result): boolean {
  if (typeof a === 'boolean' || typeof b === 'boolean') return truthOf(a) === truthOf(b)
  // An unanswered question equals no number, but it does equal the empty string.
  if (typeof a === 'number' || typeof b === 'number') return numberOf(a) === numberOf(b)
  return a === b
}

const COMPARE: Record<string, (a: Result, b: Result) => boolean> = {
  '=': same,
  '!=': (a, b) => !same(a, b),
  '<': (a, b) => numberOf(a) < numberOf(b),
  '<=': (a, b) => numberOf(a) <= numberOf(b),
  '>': (a, b) => numberOf(a) > numberOf(b),
  '>=': (a, b) => numberOf(a) >= numberOf(b),
}

const SUMS: Record<string, (a: Result, b: Result) => number> = {
  '+': (a, b) => numberOf(a) + numberOf(b),
  '-': (a, b) => numberOf(a) - numberOf(b),
}

const PRODUCTS: Record<string, (a: Result, b: Result) => number> = {
  '*': (a, b) => numberOf(a) * numberOf(b),
  div: (a, b) => numberOf(a) / numberOf(b),
  mod: (a, b) => numberOf(a) % numberOf(b),
}

function chosen(value: Result): string[] {
  return textOf(value).split(/[ \t\r\n]+/).filter(Boolean)
}

const MOST_PLACES = 300

/** Halves go away from nought, as ODK rounds. */
function rounded(value: number, places: number): number {
  if (Number.isNaN(places) || Math.abs(places) > MOST_PLACES) return value
  const scale = 10 ** places
  const shifted = Math.abs(value) * scale
  return Number.isFinite(shifted) ? (Math.floor(shifted + 0.5) / scale) * Math.sign(value) : value
}

/** The first letters of it, where there are more than an answer may have. */
function cut(text: string): string {
  return text.length > LONGEST_TEXT ? [...text].slice(0, LONGEST_TEXT).join('') : text
}

function remembered<T>(make: (source: string) => T): (source: string) => T {
  const made = new Map<string, T>()
  return (source) => {
    let found = made.get(source)
    if (found === undefined) made.set(source, (found = make(source)))
    return found
  }
}

type Call = (args: Node[], scope: Scope) => Result

const FUNCTIONS: Record<string, [least: number, most: number, call: Call]> = {
  not: [1, 1, ([a], s) => !truthOf(a(s))],
  true: [0, 0, () => true],
  false: [0, 0, () => false],
  selected: [2, 2, ([a, b], s) => chosen(a(s)).includes(textOf(b(s)))],
  'count-selected': [1, 1, ([a], s) => chosen(a(s)).length],
  if: [3, 3, ([test, yes, no], s) => (truthOf(test(s)) ? yes(s) : no(s))],
  coalesce: [2, 2, ([a, b], s) => (textOf(a(s)) === '' ? b(s) : a(s))],
  number: [1, 1, ([a], s) => numberOf(a(s))],
  int: [1, 1, ([a], s) => Math.trunc(numberOf(a(s)))],
  round: [1, 2, ([a, places], s) => rounded(numberOf(a(s)), places ? numberOf(places(s)) : 0)],
  string: [1, 1, ([a], s) => textOf(a(s))],
  'string-length': [1, 1, ([a], s) => [...textOf(a(s))].length],
  concat: [1, 9, (args, s) => cut(args.map((a) => textOf(a(s))).join(''))],
  regex: [2, 2, ([a, b], s) => matches(textOf(b(s)), textOf(a(s)))],
  today: [0, 0, (_, s) => s.today ?? ''],
}

class Parser {
  private at = 0

  constructor(private readonly tokens: Token[]) {}

  whole(): Node {
    const node = this.or()
    if (this.peek().kind !== 'end') throw new ExpressionError(`unexpected "${this.peek().text}"`)
    return node
  }

  private peek(): Token {
    return this.tokens[this.at]
  }

  private take(text: string): boolean {
    const token = this.peek()
    if ((token.kind !== 'op' && token.kind !== 'name') || token.text !== text) return false
    this.at += 1
    return true
  }

  private need(text: string): void {
    if (!this.take(text)) throw new ExpressionError(`expected "${text}" before "${this.peek().text}"`)
  }

  private takeOne(texts: string[]): string | null {
    return texts.find((text) => this.take(text)) ?? null
  }

  private or(): Node {
    const nodes = [this.and()]
    while (this.take('or')) nodes.push(this.and())
    return nodes.length === 1 ? nodes[0] : (s) => nodes.some((node) => truthOf(node(s)))
  }

  private and(): Node {
    const nodes = [this.comparison()]
    while (this.take('and')) nodes.push(this.comparison())
    return nodes.length === 1 ? nodes[0] : (s) => nodes.every((node) => truthOf(node(s)))
  }

  private comparison(): Node {
    return this.inTurn(COMPARE, () => this.sum())
  }

  private sum(): Node {
    return this.inTurn(SUMS, () => this.product())
  }

  private product(): Node {
    return this.inTurn(PRODUCTS, () => this.unary())
  }

  /** One part after the other, not each inside the next: a long expression is as flat as a short one. */
  private inTurn(steps: Record<string, (a: Result, b: Result) => Result>, next: () => Node): Node {
    const [first, rest] = [next(), [] as [(a: Result, b: Result) => Result, Node][]]
    for (let op = this.takeOne(Object.keys(steps)); op; op = this.takeOne(Object.keys(steps))) rest.push([steps[op], next()])
    return rest.length ? (s) => rest.reduce((value, [step, node]) => step(value, node(s)), first(s)) : first
  }

  private unary(): Node {
    let signs = 0
    while (this.take('-')) signs += 1
    const operand = this.primary()
    if (!signs) return operand
    return (s) => {
      let value = numberOf(operand(s))
      for (let sign = 0; sign < signs; sign += 1) value = 0 - value
      return value
    }
  }

  private primary(): Node {
    const token = this.peek()
    this.at += 1
    if (token.kind === 'number') return () => Number(token.text)
    if (token.kind === 'string') return () => token.text
    if (token.kind === 'ref') return (s) => first(s.values, token.text)
    if (token.kind === 'name') return this.call(token.text)
    if (token.text === '.') return (s) => plain(s.self)
    if (token.text === '(') {
      const inner = this.or()
      this.need(')')
      return inner
    }
    throw new ExpressionError(`unexpected "${token.text || 'end'}"`)
  }

  private call(name: string): Node {
    this.need('(')
    if (has(NODE_SETS, name)) return this.overItems(NODE_SETS[name])
    if (name === 'position') return this.place()
    if (!has(FUNCTIONS, name)) throw new ExpressionError(`unknown function "${name}"`)
    const [least, most, call] = FUNCTIONS[name]
    const first = this.at
    const args = this.arguments()
    if (args.length < least || args.length > most) throw new ExpressionError(`"${name}" with ${args.length} arguments`)
    if (name === 'regex') this.checkPattern(this.tokens.slice(first, this.at))
    return (s) => call(args, s)
  }

  private arguments(): Node[] {
    const args: Node[] = []
    if (this.take(')')) return args
    do args.push(this.or())
    while (this.take(','))
    this.need(')')
    return args
  }

  private overItems(reckon: (values: Values, name: string) => number): Node {
    const { kind, text } = this.peek()
    if (kind !== 'ref') throw new ExpressionError('count and sum take one ${name}')
    this.at += 1
    this.need(')')
    return (s) => reckon(s.values, text)
  }

  private place(): Node {
    this.need('..')
    this.need(')')
    return (s) => s.place ?? 0
  }

  /** A pattern is written out, so that a bad one shows when the form is read and not at a door. */
  private checkPattern(tokens: Token[]): void {
    const [comma, pattern] = tokens.slice(-3)
    if (pattern?.kind !== 'string' || comma.text !== ',') throw new ExpressionError('a pattern must be written out')
    try {
      patternOf(pattern.text)
    } catch {
      throw new ExpressionError(`cannot read the pattern "${pattern.text}"`)
    }
  }
}

/** Parses once, keeps for ever: a form has a few dozen expressions, asked at every keystroke. */
export const compile = remembered((source: string): Node => new Parser(tokensOf(source)).whole())

export function evaluate(source: string, scope: Scope): Result {
  return compile(source)(scope)
}

export function isReadable(source: string): boolean {
  try {
    compile(source)
    return true
  } catch {
    return false
  }
}

const DEAR = ['regex', 'sum', 'count']
const DEAR_WORTH = 50

/** What it costs to reckon once, in words; nothing where it cannot be read. */
export const effortOf = remembered((source: string): number => {
  if (!isReadable(source)) return 0
  const costs = tokensOf(source).map(({ kind, text }) => (kind === 'name' && DEAR.includes(text) ? DEAR_WORTH : 1))
  return costs.reduce((sum, cost) => sum + cost, 0)
})

/** The names a source refers to; empty for one that cannot be read. */
export const referencesOf = remembered((source: string): string[] => {
  try {
    return tokensOf(source).filter(({ kind }) => kind === 'ref').map(({ text }) => text)
  } catch {
    return []
  }
})
