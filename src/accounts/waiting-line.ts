import type { Waiter } from './waiter.ts';

/**
 * In which order those who wait are served. First come, first served; a fair order between tenants and
 * lanes is another implementation of the same four methods.
 */
export interface WaitingLine {
  enter(waiter: Waiter): void;
  /** Leaves no trace, served or not. */
  leave(waiter: Waiter): void;
  inOrder(): Iterable<Waiter>;
  size(): number;
}

export function createFifoLine(): WaitingLine {
  // A set keeps the order of entering, and may be left while it is walked.
  const waiters = new Set<Waiter>();
  return {
    enter: (waiter) => void waiters.add(waiter),
    leave: (waiter) => void waiters.delete(waiter),
    inOrder: () => waiters,
    size: () => waiters.size,
  };
}
