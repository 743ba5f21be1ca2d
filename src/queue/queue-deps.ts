import type { Store } from '../platform/store/store.ts';

/** What every verb needs that opens its own transaction. */
export interface QueueDeps {
  store: Store;
}

/** How long a claim holds without a renewal, in ms. */
export const leaseMs = 60_000;

/** Claims that may end without an answer before the task is dead; refusals by a limiter do not count. */
export const maxTries = 5;
