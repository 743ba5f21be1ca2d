import type { TestContext } from 'node:test';
import type { Store } from './store.ts';

/** A database of the test's own. */
export interface StoreUnderTest {
  /** Another process's view of the same database; closed when the test ends. */
  open(): Promise<Store>;
}

export type MakeStore = (t: TestContext) => Promise<StoreUnderTest>;
