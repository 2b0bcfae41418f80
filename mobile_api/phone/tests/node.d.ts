/** The little of node that tests use; its own types are not installed. */
declare module 'node:child_process' {
  export function execFileSync(file: string, args: string[], options: { cwd: string; maxBuffer: number; encoding: 'utf8'; input: string }): string
}
declare module 'node:fs' {
  export function existsSync(path: string): boolean
}
declare module 'node:path' {
  export function resolve(...parts: string[]): string
}
interface ImportMeta {
  readonly dirname: string
}

/** Runs once what is under way has gone a step further. */
declare function setImmediate(done: (value?: unknown) => void): void
