import { database } from '../src/store/db'

/** Everything in the database as text, bytes read as if they were text too. */
export async function everythingAsText(): Promise<string> {
  const db = await database()
  let text = ''
  const show = (_key: string, value: unknown): unknown => {
    if (value instanceof ArrayBuffer) return new TextDecoder().decode(value)
    return ArrayBuffer.isView(value) ? new TextDecoder().decode(value) : value
  }
  for (const name of db.objectStoreNames) text += JSON.stringify(await db.getAll(name), show)
  return text
}
