/** Whether a unit found on the street is one the phone already holds: by code, by a like name, by the same door. */
import type { Candidate, Door, Unlisted } from '../types'
import { asPrinted } from '../codes'
import { folded } from './search'

type Same = Candidate['same'][number]

export interface Likeness<T extends Door = Door> {
  door: T
  same: Same[]
  /** How much speaks for it, to put the likeliest first. */
  weight: number
}

/** Words that say nothing about which firm it is: the place all names begin with, the legal form they end with. */
const PLACES = /^(?:\p{Script=Han}{2,8}?(?:自治区|自治州)|\p{Script=Han}{2,3}(?:省|市|区|县|旗))+/u
const FORMS = /(有限责任公司|股份有限公司|有限公司|分公司|公司|合伙企业|个体工商户|个人独资企业|经营部|服务部|商行|商店|门市部|门市|店)+$/

/** What is left of a name when place and legal form are taken off; the whole name when nothing would be left. */
export function coreOf(name: string): string {
  const plain = folded(name).replace(/[^\p{L}\p{N}]/gu, '')
  const core = plain.replace(PLACES, '').replace(FORMS, '')
  return core || plain
}

function pairsOf(text: string): Map<string, number> {
  const chars = [...text]
  const pairs = new Map<string, number>()
  for (let at = 0; at < Math.max(1, chars.length - 1); at++) {
    const pair = chars.slice(at, at + 2).join('')
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  return pairs
}

/** How alike two names are, 0 to 1: the share of neighbouring characters they have in common. */
export function nameLikeness(a: string, b: string): number {
  const [core, other] = [coreOf(a), coreOf(b)]
  if (!core || !other) return 0
  if (core === other) return 1
  const [left, right] = [pairsOf(core), pairsOf(other)]
  let common = 0
  let all = 0
  for (const [pair, count] of left) common += Math.min(count, right.get(pair) ?? 0)
  for (const counts of [left, right]) for (const count of counts.values()) all += count
  return (2 * common) / all
}

const ALIKE = 0.6
/** A short name inside a longer one: 老张火锅 and 老张火锅新华街店. */
const WITHIN = 2

function isAlike(a: string, b: string): boolean {
  if (nameLikeness(a, b) >= ALIKE) return true
  const [short, long] = [coreOf(a), coreOf(b)].sort((x, y) => x.length - y.length)
  return short.length > WITHIN && long.includes(short)
}

function sameOf(found: Unlisted, premise: string, door: Door): Same[] {
  const same: Same[] = []
  const code = asPrinted(found.credit_code)
  if (code && code === asPrinted(door.subject.credit_code)) same.push('code')
  if (found.name.trim() && isAlike(found.name, door.subject.name)) same.push('name')
  const address = folded(found.address)
  const here = premise !== '' && premise === door.premise?.code
  if (here || (address.length > WITHIN && address === folded(door.subject.address))) same.push('address')
  return same
}

const WEIGHTS: Record<Same, number> = { code: 4, name: 2, address: 1 }

/** The doors that may be this very unit, likeliest first; at most `most`. */
export function duplicatesOf<T extends Door>(found: Unlisted, premise: string, doors: readonly T[], most = 6): Likeness<T>[] {
  return doors
    .map((door) => {
      const same = sameOf(found, premise, door)
      const close = same.includes('name') ? nameLikeness(found.name, door.subject.name) : 0
      return { door, same, weight: same.reduce((sum, reason) => sum + WEIGHTS[reason], close) }
    })
    .filter(({ same }) => same.length > 0)
    .sort((a, b) => b.weight - a.weight || a.door.task_id - b.door.task_id)
    .slice(0, most)
}
