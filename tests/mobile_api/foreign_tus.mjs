// tus-js-client against the server: begun, broken off after a piece, and resumed by another client from its notes.
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { DefaultHttpStack, FileUrlStorage, Upload } from 'tus-js-client'

const [endpoint, token, file, notes] = process.argv.slice(2)
const photo = readFileSync(file)
const visit = randomUUID()

function upload(sha256, more) {
  return new Promise((resolve, reject) => {
    const one = new Upload(photo, {
      endpoint,
      headers: { Authorization: `Bearer ${token}` },
      chunkSize: 64 * 1024,
      retryDelays: null,
      urlStorage: new FileUrlStorage(notes),
      fingerprint: async () => sha256,
      httpStack: new DefaultHttpStack({}),
      metadata: { visit, sha256, kind: 'refusal_photo', filetype: 'image/jpeg' },
      onError: reject,
      onSuccess: () => resolve({ url: one.url, resumed: one.resumedFrom ?? null }),
      ...more(() => one, resolve),
    })
    one.findPreviousUploads().then((former) => {
      if (former.length) one.resumeFromPreviousUpload(former[0])
      one.start()
    })
  })
}

const right = createHash('sha256').update(photo).digest('hex')
const broken = await upload(right, (one, done) => ({
  onChunkComplete: (_size, accepted) => {
    one().abort()
    done({ url: one().url, accepted })
  },
}))
const sent = []
const whole = await upload(right, () => ({ onChunkComplete: (size) => sent.push(size) }))
const wrong = await upload('0'.repeat(64), () => ({})).then(
  () => 0,
  (error) => error.originalResponse.getStatus(),
)
console.log(JSON.stringify({ visit, broken, whole, sent: sent.reduce((sum, size) => sum + size, 0), wrong }))
