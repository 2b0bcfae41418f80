/** Pictures: kept with the draft from the moment they are taken, sent with the visit later. Their bytes are sealed. */
import type { StoredPhoto } from '../types'
import { newId } from '../ids'
import { DURABLE, type PhotoRow, database, fact } from './db'
import { ownIds } from './enrolments'
import { heldAgain, isHeld } from './held'
import { roomForPhoto } from './room'
import { sealBytes, unsealBytes } from './vault'

export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * Keeps a picture with its draft. The very same picture taken twice is kept once. Raises QuotaExceededError while
 * there is still room for the visit itself: a picture may never be what a visit is lost for.
 */
export async function keepPhoto(owner: string, question: string, bytes: ArrayBuffer, kind = question): Promise<StoredPhoto> {
  const hash = await sha256(bytes)
  const twin = (await photosOf(owner)).find((photo) => photo.sha256 === hash && photo.question === question)
  if (twin) return twin
  await roomForPhoto(bytes.byteLength)
  const enrolment = (await fact<string>('current')) ?? ''
  const photo: PhotoRow = {
    id: newId(),
    enrolment,
    owner,
    question,
    sha256: hash,
    size: bytes.byteLength,
    kind,
    state: 'kept',
    upload: '',
    offset: 0,
    wrong: 0,
    reason: '',
  }
  const box = await sealBytes(enrolment, bytes)
  const tx = (await database()).transaction(['photos', 'pictures'], 'readwrite', DURABLE)
  await tx.objectStore('photos').put(photo)
  await tx.objectStore('pictures').put(box, photo.id)
  await tx.done
  return photo
}

export async function dropPhoto(id: string): Promise<void> {
  const tx = (await database()).transaction(['photos', 'pictures'], 'readwrite')
  await tx.objectStore('photos').delete(id)
  await tx.objectStore('pictures').delete(id)
  await tx.done
}

export async function pictureOf(id: string): Promise<ArrayBuffer | undefined> {
  const db = await database()
  const [photo, box] = await Promise.all([db.get('photos', id), db.get('pictures', id)])
  return photo && box && unsealBytes(photo.enrolment, box)
}

/** Once the server holds a picture, the phone gives its room back. */
export async function markPhotoSent(id: string): Promise<void> {
  const tx = (await database()).transaction(['photos', 'pictures'], 'readwrite')
  const photo = await tx.objectStore('photos').get(id)
  if (photo) await tx.objectStore('photos').put({ ...photo, state: 'sent', offset: photo.size, reason: '' })
  await tx.objectStore('pictures').delete(id)
  await tx.done
}

export async function photosOf(owner: string): Promise<StoredPhoto[]> {
  const own = await ownIds()
  return (await (await database()).getAllFromIndex('photos', 'owner', owner)).filter((photo) => own.includes(photo.enrolment))
}

export async function allPhotos(known?: string[]): Promise<StoredPhoto[]> {
  const own = known ?? (await ownIds())
  return (await (await database()).getAll('photos')).filter((photo) => own.includes(photo.enrolment))
}

/** What waits to go up, whoever took it, by the enrolment of the visit it belongs to, once the server has that. */
export async function photosToSend(): Promise<Map<string, StoredPhoto[]>> {
  const db = await database()
  const groups = new Map<string, StoredPhoto[]>()
  for (const photo of await db.getAllFromIndex('photos', 'state', 'waiting')) {
    if (isHeld(photo.held, Date.now())) continue
    const visit = await db.get('visits', photo.owner)
    if (visit?.state === 'sent') groups.set(visit.enrolment, [...(groups.get(visit.enrolment) ?? []), photo])
  }
  return groups
}

export async function changePhoto(id: string, change: Partial<StoredPhoto>): Promise<void> {
  const tx = (await database()).transaction('photos', 'readwrite')
  const photo = await tx.store.get(id)
  if (photo) await tx.store.put({ ...photo, ...change })
  await tx.done
}

/** Keeps one that did not get through back, so that it does not stand in the way of others. Answers whether it rests. */
export async function holdPhoto(photo: StoredPhoto, status: number): Promise<boolean> {
  const held = heldAgain(photo.held, status, Date.now())
  await changePhoto(photo.id, { held })
  return isHeld(held, Date.now())
}

/** Puts a refused picture back, from its first byte; one that was held back may go at once. */
export async function photoAgain({ id, state }: StoredPhoto): Promise<void> {
  const anew = state === 'refused' ? ({ state: 'waiting', upload: '', offset: 0, wrong: 0, reason: '', code: '' } as const) : {}
  await changePhoto(id, { ...anew, held: undefined })
}

/** The refused pictures of everybody who used this phone. */
export async function refusedPhotos(): Promise<StoredPhoto[]> {
  return (await database()).getAllFromIndex('photos', 'state', 'refused')
}
