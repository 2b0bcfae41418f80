/** "820 B", "35 kB", "1.4 MB": sizes as a person reads them. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

/** What an object weighs on the way: its JSON in UTF-8. */
export function weightOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}
