import type { Lane } from '../platform/lanes.ts';
import type { TaskMessage } from './task.ts';

export interface Delivery {
  message: TaskMessage;
  /** Tells the carrier that the claim is committed (or that nothing is to claim): never deliver it again. */
  acknowledge(): Promise<void>;
  /** Gives it back for another delivery. */
  release(): Promise<void>;
}

/**
 * How task messages travel from the outbox to workers. At least once is enough: duplicates and
 * stale messages are harmless, because claiming compares the assignment number.
 */
export interface Carrier {
  readonly flags: {
    /** The outbox itself is the queue, nothing is relayed (embedded). */
    readsOutbox: boolean;
  };
  /** Resolves when the broker has confirmed all of them. Unused where `readsOutbox`. */
  publish(messages: readonly TaskMessage[]): Promise<void>;
  /**
   * Messages for free slots, by lane weight: of each provider at most so many as it has `free`. None only
   * where nothing waits; fewer than there are is well, the taker comes again. Never prefetches.
   */
  take(free: ReadonlyMap<string, number>, lanes: readonly Lane[]): Promise<Delivery[]>;
  /** Calls `wake` when something may be there to take; may be spurious, may be missed. Returns the way to stop. */
  watch(wake: () => void): () => void;
  close(): Promise<void>;
}
