/** Pictures: kept with the draft from the moment they are taken, sent with the visit later. */
import type { StoredPhoto } from '../types'
import { newId } from '../ids'
import { DURABLE, database } from './db'

export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Keeps a picture with its draft. The very same picture taken twice is kept once. */
export async function keepPhoto(owner: string, question: string, bytes: ArrayBuffer): Promise<StoredPhoto> {
  const hash = await sha256(bytes)
  const twin = (await photosOf(owner)).find((photo) => photo.sha256 === hash)
  if (twin) return twin
  const photo: StoredPhoto = {
    id: newId(),
    owner,
    question,
    sha256: hash,
    size: bytes.byteLength,
    kind: question,
    state: 'kept',
    upload: '',
    offset: 0,
    wrong: 0,
    reason: '',
  }
  const tx = (await database()).transaction(['photos', 'pictures'], 'readwrite', DURABLE)
  await tx.objectStore('photos').put(photo)
  await tx.objectStore('pictures').put(bytes, photo.id)
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
  return (await database()).get('pictures', id)
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
  return (await database()).getAllFromIndex('photos', 'owner', owner)
}

export async function allPhotos(): Promise<StoredPhoto[]> {
  return (await database()).getAll('photos')
}

export async function changePhoto(id: string, change: Partial<StoredPhoto>): Promise<void> {
  const tx = (await database()).transaction('photos', 'readwrite')
  const photo = await tx.store.get(id)
  if (photo) await tx.store.put({ ...photo, ...change })
  await tx.done
}
