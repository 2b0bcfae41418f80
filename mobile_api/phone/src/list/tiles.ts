/** The tile source of this installation, if it has one: asked for on line, remembered for later. */
import { ask } from '../sync/client'
import { isTileSetting } from '../sync/shapes'
import { fact, setFact } from '../store/db'

export async function knownTiles(): Promise<string> {
  return (await fact<string>('tile_url')) ?? ''
}

/** What the server says now; what was known when it says nothing. */
export async function askTiles(): Promise<string> {
  try {
    const { tile_url } = await ask('/phone/settings.json', isTileSetting)
    await setFact('tile_url', tile_url)
    return tile_url
  } catch {
    return knownTiles()
  }
}
