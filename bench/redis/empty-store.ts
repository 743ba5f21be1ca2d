import type { Store } from '../../src/platform/store/store.ts';

/** The limiter only asks it whether it was used before. */
export const emptyStore = {
  transaction: async (_scope: unknown, work: (tx: { query(): Promise<[]> }) => unknown) =>
    work({ query: async () => [] }),
} as unknown as Store;
