/** Finding a door by what a person knows of it: a name, its pinyin initials, an address, a code. */
import type { Door } from '../types'

/** Half width, lower case, without blanks. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '')
}

function bare(code: string): string {
  return folded(code).replace(/[\-\u2010-\u2015\u2212]/g, '')
}

interface Known {
  text: string
  codes: string
  initials: string
}

/** Made once for each door: a list of a thousand is searched at every key. */
const known = new WeakMap<Door, Known>()

function knownOf(door: Door): Known {
  const held = known.get(door)
  if (held) return held
  const { subject, premise, area_name } = door
  const made = {
    text: [subject.name, subject.address, premise?.label ?? '', area_name].map(folded).join('\n'),
    codes: [subject.credit_code, premise?.code ?? ''].map(bare).join('\n'),
    initials: folded(subject.initials ?? ''),
  }
  known.set(door, made)
  return made
}

const LETTERS = /^[a-z]+$/
const FEW = 2

/** From two letters on the middle counts too: nobody types the city every name begins with. */
function matchesInitials(initials: string, word: string): boolean {
  if (!LETTERS.test(word)) return false
  return initials.startsWith(word) || (word.length >= FEW && initials.includes(word))
}

/** Every word typed must be found in the name, its initials, the address, the credit code or the door code. */
export function matches(door: Door, query: string): boolean {
  const { text, codes, initials } = knownOf(door)
  return query
    .normalize('NFKC')
    .trim()
    .split(/\s+/)
    .every((typed) => {
      const word = folded(typed)
      return text.includes(word) || codes.includes(bare(typed)) || matchesInitials(initials, word)
    })
}
