/** Reads QR codes. Loaded only when somebody scans: decoder and wasm are most of the app's weight. */
import { BarcodeDetector, prepareZXingModule } from 'barcode-detector/ponyfill'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'

prepareZXingModule({ overrides: { locateFile: () => wasm } })

const detector = new BarcodeDetector({ formats: ['qr_code'] })
const PAUSE_MS = 150

export async function readPicture(source: Blob | HTMLVideoElement): Promise<string | null> {
  const found = await detector.detect(source)
  return found.length > 0 ? found[0].rawValue : null
}

/** A camera that looks for codes: how to stop it, and its torch where it has one. */
export interface Watching {
  stop: () => void
  torch: ((on: boolean) => Promise<void>) | null
}

/** The torch is no part of the standard's types yet. */
interface TorchTrack {
  getCapabilities?: () => { torch?: boolean }
  applyConstraints: (constraints: { advanced: { torch: boolean }[] }) => Promise<void>
}

function torchOf(stream: MediaStream): Watching['torch'] {
  const track = stream.getVideoTracks()[0] as unknown as TorchTrack | undefined
  if (!track?.getCapabilities?.().torch) return null
  return (on) => track.applyConstraints({ advanced: [{ torch: on }] })
}

/** Shows the back camera in `video` and reports the first code seen. Raises when there is no camera or it is refused. */
export async function watch(video: HTMLVideoElement, seen: (text: string) => void): Promise<Watching> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: 'environment', width: { ideal: 1280 } },
  })
  let timer = 0
  const stop = (): void => {
    clearTimeout(timer)
    stream.getTracks().forEach((track) => track.stop())
    video.srcObject = null
  }
  video.srcObject = stream
  await video.play()
  const look = async (): Promise<void> => {
    const text = video.readyState >= 2 ? await readPicture(video).catch(() => null) : null
    if (!video.srcObject) return
    if (text) {
      stop()
      seen(text)
    } else {
      timer = window.setTimeout(() => void look(), PAUSE_MS)
    }
  }
  void look()
  return { stop, torch: torchOf(stream) }
}

export function hasCamera(): boolean {
  return isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia)
}
