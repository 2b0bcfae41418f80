/** Shows pictures kept on the phone: their addresses live as long as the field does. */
import { type Ref, onBeforeUnmount, ref, watch } from 'vue'
import { pictureOf } from '../../store/photos'
import type { StoredPhoto } from '../../types'

/** fingerprint → address; empty for a picture that is no longer on this phone. */
export function useAddresses(photos: Readonly<Ref<StoredPhoto[]>>, wanted: () => string[]): Ref<Record<string, string>> {
  const addresses = ref<Record<string, string>>({})
  let gone = false

  async function show(sha256: string): Promise<void> {
    if (addresses.value[sha256] !== undefined) return
    const photo = photos.value.find((kept) => kept.sha256 === sha256)
    addresses.value[sha256] = ''
    const bytes = photo && (await pictureOf(photo.id))
    if (bytes && !gone) addresses.value[sha256] = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }))
  }

  watch([wanted, photos], () => wanted().forEach((sha256) => void show(sha256)), { immediate: true })
  onBeforeUnmount(() => {
    gone = true
    Object.values(addresses.value).forEach((address) => address && URL.revokeObjectURL(address))
  })
  return addresses
}
