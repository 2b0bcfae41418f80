/**
 * Patterns of regex(), matched in time that grows with the text alone: the browser's own engine can be kept busy for
 * hours by a short one. The same language as the server's RE2; tests/contract/patterns.json holds both to it.
 */
import { RE2JS } from 're2js'

const LONGEST_PATTERN = 200
const made = new Map<string, RE2JS>()

/** Throws for what cannot be matched. */
export function patternOf(source: string): RE2JS {
  let pattern = made.get(source)
  if (pattern === undefined) {
    if ([...source].length > LONGEST_PATTERN || halved(source) !== source) throw new Error('cannot read the pattern')
    made.set(source, (pattern = RE2JS.compile(spelt(source))))
  }
  return pattern
}

/** Whether the whole text fits. */
export function matches(source: string, text: string): boolean {
  return patternOf(source).matches(halved(text))
}

/** RE2 writes \u4e00 as \x{4e00}. Taken in pairs, so that a backslash which is itself escaped begins nothing. */
function spelt(source: string): string {
  return source.replace(/\\(?:u([0-9A-Fa-f]{4})|[^])/g, (whole, code?: string) => (code ? `\\x{${code}}` : whole))
}

/** Half a surrogate pair stands for no letter. */
function halved(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd')
}
