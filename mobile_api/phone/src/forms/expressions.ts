/**
 * The part of XPath that XLSForm authors use, without eval: `${name}`, `.`, numbers, strings,
 * comparison, and/or, arithmetic, parentheses and the functions listed in FUNCTIONS.
 */
import type { Value, Values } from '../types'

export class ExpressionError extends Error {}

export type Result = string | number | boolean | string[]

export interface Scope {
  values: Values
  self?: Value
  today?: string
}

type Node = (scope: Scope) => Result

interface Token {
  kind: 'number' | 'string' | 'ref' | 'name' | 'op' | 'end'
  text: string
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?|\.\d+)|"([^"]*)"|'([^']*)'|\$\{\s*([^}\s]+)\s*\}|([A-Za-z_][\w-]*)|(!=|<=|>=|[=<>+\-*(),.]))/y

function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const end = source.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(source)
    if (!found) throw new ExpressionError(`cannot read "${source.slice(at)}"`)
    const [, number, double, single, ref, name, op] = found
    if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (double !== undefined || single !== undefined) tokens.push({ kind: 'string', text: double ?? single })
    else if (ref !== undefined) tokens.push({ kind: 'ref', text: ref })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else tokens.push({ kind: 'op', text: op })
  }
  tokens.push({ kind: 'end', text: '' })
  return tokens
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})/

/** Days since 1970-01-01 for a date, the number itself for digits, NaN for everything else. */
export function numberOf(value: Result): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (Array.isArray(value)) return numberOf(value.join(' '))
  const text = value.trim()
  if (text === '') return NaN
  const day = DAY.exec(text)
  if (day) return Date.UTC(+day[1], +day[2] - 1, +day[3]) / 86_400_000
  return Number(text)
}

export function textOf(value: Result): string {
  if (Array.isArray(value)) return value.join(' ')
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value)
  return String(value)
}

export function truthOf(value: Result): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value)
  return value.length > 0
}

function plain(value: Value | undefined): Result {
  return value === null || value === undefined ? '' : value
}

function same(a: Result, b: Result): boolean {
  if (typeof a === 'boolean' || typeof b === 'boolean') return truthOf(a) === truthOf(b)
  if (typeof a === 'number' || typeof b === 'number') {
    // An unanswered question equals no number, but it does equal the empty string.
    return numberOf(a) === numberOf(b)
  }
  return textOf(a) === textOf(b)
}

const COMPARE: Record<string, (a: Result, b: Result) => boolean> = {
  '=': same,
  '!=': (a, b) => !same(a, b),
  '<': (a, b) => numberOf(a) < numberOf(b),
  '<=': (a, b) => numberOf(a) <= numberOf(b),
  '>': (a, b) => numberOf(a) > numberOf(b),
  '>=': (a, b) => numberOf(a) >= numberOf(b),
}

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => a % b,
}

function chosen(value: Result): string[] {
  return Array.isArray(value) ? value : textOf(value).split(/\s+/).filter(Boolean)
}

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}

type Call = (args: Node[], scope: Scope) => Result

const FUNCTIONS: Record<string, [least: number, most: number, call: Call]> = {
  not: [1, 1, ([a], s) => !truthOf(a(s))],
  true: [0, 0, () => true],
  false: [0, 0, () => false],
  boolean: [1, 1, ([a], s) => truthOf(a(s))],
  selected: [2, 2, ([a, b], s) => chosen(a(s)).includes(textOf(b(s)))],
  'count-selected': [1, 1, ([a], s) => chosen(a(s)).length],
  if: [3, 3, ([test, yes, no], s) => (truthOf(test(s)) ? yes(s) : no(s))],
  coalesce: [2, 2, ([a, b], s) => (textOf(a(s)) === '' ? b(s) : a(s))],
  number: [1, 1, ([a], s) => numberOf(a(s))],
  int: [1, 1, ([a], s) => Math.trunc(numberOf(a(s)))],
  round: [1, 2, ([a, digits], s) => rounded(numberOf(a(s)), digits ? numberOf(digits(s)) : 0)],
  string: [1, 1, ([a], s) => textOf(a(s))],
  'string-length': [0, 1, ([a], s) => [...textOf(a ? a(s) : plain(s.self))].length],
  concat: [1, 99, (args, s) => args.map((a) => textOf(a(s))).join('')],
  contains: [2, 2, ([a, b], s) => textOf(a(s)).includes(textOf(b(s)))],
  'starts-with': [2, 2, ([a, b], s) => textOf(a(s)).startsWith(textOf(b(s)))],
  regex: [2, 2, ([a, b], s) => new RegExp(textOf(b(s))).test(textOf(a(s)))],
  min: [1, 99, (args, s) => Math.min(...args.map((a) => numberOf(a(s))))],
  max: [1, 99, (args, s) => Math.max(...args.map((a) => numberOf(a(s))))],
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
    let left = this.and()
    while (this.take('or')) {
      const [a, b] = [left, this.and()]
      left = (s) => truthOf(a(s)) || truthOf(b(s))
    }
    return left
  }

  private and(): Node {
    let left = this.comparison()
    while (this.take('and')) {
      const [a, b] = [left, this.comparison()]
      left = (s) => truthOf(a(s)) && truthOf(b(s))
    }
    return left
  }

  private comparison(): Node {
    let left = this.sum()
    for (let op = this.takeOne(Object.keys(COMPARE)); op; op = this.takeOne(Object.keys(COMPARE))) {
      const [compare, a, b] = [COMPARE[op], left, this.sum()]
      left = (s) => compare(a(s), b(s))
    }
    return left
  }

  private sum(): Node {
    return this.chain(['+', '-'], () => this.product())
  }

  private product(): Node {
    return this.chain(['*', 'div', 'mod'], () => this.unary())
  }

  private chain(ops: string[], next: () => Node): Node {
    let left = next()
    for (let op = this.takeOne(ops); op; op = this.takeOne(ops)) {
      const [apply, a, b] = [ARITHMETIC[op], left, next()]
      left = (s) => apply(numberOf(a(s)), numberOf(b(s)))
    }
    return left
  }

  private unary(): Node {
    if (!this.take('-')) return this.primary()
    const operand = this.unary()
    return (s) => -numberOf(operand(s))
  }

  private primary(): Node {
    const token = this.peek()
    this.at += 1
    if (token.kind === 'number') return () => Number(token.text)
    if (token.kind === 'string') return () => token.text
    if (token.kind === 'ref') return (s) => plain(s.values[token.text])
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
    if (!Object.prototype.hasOwnProperty.call(FUNCTIONS, name)) throw new ExpressionError(`unknown function "${name}"`)
    const [least, most, call] = FUNCTIONS[name]
    const args: Node[] = []
    this.need('(')
    if (!this.take(')')) {
      do args.push(this.or())
      while (this.take(','))
      this.need(')')
    }
    if (args.length < least || args.length > most) throw new ExpressionError(`"${name}" with ${args.length} arguments`)
    return (s) => call(args, s)
  }
}

const compiled = new Map<string, Node>()

/** Parses once, keeps for ever: a form has a few dozen expressions, asked at every keystroke. */
export function compile(source: string): Node {
  let node = compiled.get(source)
  if (!node) {
    node = new Parser(tokensOf(source)).whole()
    compiled.set(source, node)
  }
  return node
}

export function evaluate(source: string, scope: Scope): Result {
  return compile(source)(scope)
}

/** The names a source refers to; empty for one that cannot be read. */
export function referencesOf(source: string): string[] {
  return [...source.matchAll(/\$\{\s*([^}\s]+)\s*\}/g)].map((found) => found[1])
}
