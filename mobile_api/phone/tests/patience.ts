import { vi } from 'vitest'

/** Until `check` holds: what must happen is waited for as long as a busy machine needs. */
export const soon = (check: () => void | Promise<void>): Promise<void> => vi.waitFor(check, 50_000)
