/** How a photo or signature field, however deep inside a form, reaches the visit being filled in. */
import type { InjectionKey, Ref } from 'vue'
import type { StoredPhoto, Value } from '../../types'

export type EvidenceKind = 'photo' | 'signature'

export interface Evidence {
  /** The pictures this phone holds for the visit. */
  photos: Readonly<Ref<StoredPhoto[]>>
  /** Keeps a picture at once; answers its fingerprint, or what went wrong in words. */
  keep: (question: string, file: Blob, kind: EvidenceKind) => Promise<{ sha256: string } | { trouble: string }>
  /** Gives the room of a picture back once no answer holds it any more. */
  drop: (sha256: string) => Promise<void>
  /** What fields still have to hand over before the visit is saved: a signature just written. */
  unfinished: Set<() => Promise<void>>
}

export const EVIDENCE: InjectionKey<Evidence> = Symbol('evidence')

/** The fingerprints an answer holds. */
export function picturesOf(value: Value): string[] {
  if (Array.isArray(value)) return value.filter((item): item is string => typeof item === 'string')
  return typeof value === 'string' && value ? [value] : []
}

export function valueOf(pictures: string[]): Value {
  return pictures.length > 1 ? pictures : (pictures[0] ?? null)
}
