import { expect, it } from 'vitest'
import drawings from '../src/parts/drawings.ts?raw'
import screen from '../src/screens/Help.vue?raw'
import words from '../src/words/help.ts?raw'
import { DRAWINGS } from '../src/parts/drawings'
import { help } from '../src/words/help'

it('has a picture for every step and no picture nobody shows', () => {
  const shown = help.topics.flatMap((topic) => topic.steps.map((step) => step.picture))
  expect([...new Set(shown)].sort()).toEqual(Object.keys(DRAWINGS).sort())
  expect(shown.every((name) => DRAWINGS[name].length > 0)).toBe(true)
})

it('draws within its frame: no broken number in any path', () => {
  for (const shape of Object.values(DRAWINGS).flat()) {
    if ('d' in shape) expect(shape.d).toMatch(/^M[\d\sMmLlHhVvAaCcSsZz.\-]+$/)
  }
})

it('costs a phone less than 25 kB', async () => {
  const packed = new Blob([drawings + screen + words]).stream().pipeThrough(new CompressionStream('gzip'))
  expect((await new Response(packed).arrayBuffer()).byteLength).toBeLessThan(25_000)
})
