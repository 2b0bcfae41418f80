/** Makes a camera picture small enough for a bad network: a JPEG of at most 200 kB, upright, without EXIF. */

export const LIMIT = 200 * 1024
const SIDES = [1600, 1280, 1024, 800, 640, 480]
const QUALITIES = [0.82, 0.7, 0.55]

export class UnreadablePicture extends Error {}

type Picture = ImageBitmap | HTMLImageElement

function loadImage(file: Blob): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const address = URL.createObjectURL(file)
    const image = new Image()
    image.onload = () => {
      URL.revokeObjectURL(address)
      resolve(image)
    }
    image.onerror = () => {
      URL.revokeObjectURL(address)
      reject(new UnreadablePicture())
    }
    image.src = address
  })
}

async function decode(file: Blob): Promise<Picture> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    // Older browsers know no options here, and some know no HEIC: the image element may.
    return loadImage(file)
  }
}

function sizeOf(picture: Picture): [width: number, height: number] {
  return picture instanceof HTMLImageElement ? [picture.naturalWidth, picture.naturalHeight] : [picture.width, picture.height]
}

function draw(picture: Picture, side: number): HTMLCanvasElement {
  const [width, height] = sizeOf(picture)
  const scale = Math.min(1, side / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const context = canvas.getContext('2d')
  if (!context) throw new UnreadablePicture()
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas
}

function jpeg(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
}

export async function shrink(file: Blob): Promise<ArrayBuffer> {
  const picture = await decode(file)
  for (const side of SIDES) {
    const canvas = draw(picture, side)
    for (const quality of QUALITIES) {
      const blob = await jpeg(canvas, quality)
      if (blob && blob.size <= LIMIT) return blob.arrayBuffer()
    }
  }
  throw new UnreadablePicture()
}
