import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import type { ManifestEntry, ManifestTransformResult } from 'workbox-build'
import { defineConfig, type Plugin } from 'vitest/config'

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../..')
const version: string = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')).version
const firstLoadLimit = 300_000

/** Vant's icon font comes as a data: address with a foreign fallback; the strict CSP allows neither. */
function ownIconFont(): Plugin {
  return {
    name: 'own-icon-font',
    enforce: 'pre',
    transform(code, id) {
      if (!/vant\/es\/icon\/index\.css/.test(id)) return null
      const font = /base64,([A-Za-z0-9+/=]+)/.exec(code)
      if (!font) throw new Error('vant changed the way it ships its icon font')
      const file = resolve(root, 'node_modules/.cache/phone/vant-icons.woff2')
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, Buffer.from(font[1], 'base64'))
      const address = relative(dirname(id.split('?')[0]), file)
      const source = `src:url("${address}") format("woff2")`
      return code.replace(/src:url\(data:.*?\)\s*format\([^)]*\)(,url\([^)]*\)\s*format\([^)]*\))*/s, source)
    },
  }
}

/** The decoder's glue and its wasm must be of one build, else the first scan fails in the field. */
function sameWasm(): Plugin {
  return {
    name: 'same-wasm',
    apply: 'build',
    buildStart() {
      const require = createRequire(resolve(root, 'package.json'))
      const detector = dirname(require.resolve('barcode-detector/ponyfill'))
      if (existsSync(resolve(detector, '../../node_modules/zxing-wasm'))) {
        throw new Error('barcode-detector brings its own zxing-wasm: pin ours to the same version')
      }
      const wasm = readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'))
      const { ZXING_WASM_SHA256: wanted } = require('zxing-wasm/reader')
      const found = createHash('sha256').update(wasm).digest('hex')
      if (found !== wanted) throw new Error(`zxing wasm ${found} does not fit its glue, which wants ${wanted}`)
    },
  }
}

/** For the tests: every form of the repository as the server compiles it, and one with every kind of question. */
function formsForTests(): Plugin {
  const name = 'virtual:forms'
  return {
    name: 'forms-for-tests',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null
      const own = resolve(root, '.venv/bin/python')
      const command = ['-m', 'tests.contract.forms_dump', resolve(here, 'tests/tables/workout-20260101.md')]
      const options = { cwd: root, maxBuffer: 1 << 26, encoding: 'utf8' } as const
      return `export default ${execFileSync(existsSync(own) ? own : 'python3', command, options)}`
    },
  }
}

/**
 * The service worker keeps a piece of the app only if it is that piece: without a fingerprint the page of a hotspot,
 * met in the middle of an update, would be kept as the app for ever.
 */
function withFingerprints(entries: (ManifestEntry & { size: number })[]): ManifestTransformResult {
  const fingerprint = (url: string): string => {
    const bytes = readFileSync(resolve(root, 'var/phone', url))
    return `sha384-${createHash('sha384').update(bytes).digest('base64')}`
  }
  return { manifest: entries.map((entry) => ({ ...entry, integrity: fingerprint(entry.url) })), warnings: [] }
}

/** Prints what a phone downloads before the list shows, and refuses to grow beyond the limit. */
function firstLoad(): Plugin {
  return {
    name: 'first-load',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const wanted = new Set<string>()
        const add = (name: string): void => {
          const chunk = bundle[name]
          if (!chunk || wanted.has(name)) return
          wanted.add(name)
          if (chunk.type !== 'chunk') return
          chunk.imports.forEach(add)
          chunk.viteMetadata?.importedCss.forEach(add)
          chunk.viteMetadata?.importedAssets.forEach(add)
        }
        for (const chunk of Object.values(bundle)) {
          if (chunk.type === 'chunk' && chunk.isEntry) add(chunk.fileName)
        }
        let bytes = 0
        for (const name of wanted) {
          const chunk = bundle[name]
          bytes += gzipSync(chunk.type === 'chunk' ? chunk.code : chunk.source).length
        }
        const text = `first load without the scanner: ${(bytes / 1000).toFixed(1)} kB compressed (limit ${firstLoadLimit / 1000})`
        if (bytes > firstLoadLimit) this.error(text)
        console.log(`\n${text}`)
      },
    },
  }
}

export default defineConfig({
  root: here,
  base: '/phone/',
  cacheDir: resolve(root, 'node_modules/.vite'),
  define: { __APP_VERSION__: JSON.stringify(version) },
  build: {
    outDir: resolve(root, 'var/phone'),
    emptyOutDir: true,
    target: ['chrome80', 'safari14'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    // What counts is the first load, packed; it has a limit of its own below.
    chunkSizeWarningLimit: 1_000,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
  plugins: [
    ownIconFont(),
    sameWasm(),
    vue(),
    VitePWA({
      registerType: 'prompt',
      injectRegister: false,
      scope: '/phone/',
      manifest: {
        name: '网格扩面走访',
        short_name: '网格走访',
        description: '网格员走访用，离线可用',
        lang: 'zh-CN',
        start_url: '/phone/',
        scope: '/phone/',
        display: 'standalone',
        theme_color: '#0b5394',
        background_color: '#f4f5f7',
        icons: [
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
          { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
        ],
      },
      includeManifestIcons: false,
      workbox: {
        globPatterns: ['**/*.{js,css,html,woff2,png,svg,wasm,webmanifest}'],
        manifestTransforms: [withFingerprints],
        maximumFileSizeToCacheInBytes: 2_000_000,
        navigateFallback: '/phone/index.html',
        navigateFallbackAllowlist: [/^\/phone\//],
        cleanupOutdatedCaches: true,
        inlineWorkboxRuntime: true,
        sourcemap: false,
      },
    }),
    firstLoad(),
    formsForTests(),
  ],
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    // Off unless asked for (`make coverage`). What no test loads counts as well.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,vue}'],
      reporter: ['json-summary'],
      reportsDirectory: resolve(root, 'var/test/phone-coverage'),
      reportOnFailure: true,
    },
  },
})
