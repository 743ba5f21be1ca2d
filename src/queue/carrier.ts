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
  /** One message for one free slot, by lane weight; `null` when nothing waits. Never prefetches. */
  take(providers: readonly string[], lanes: readonly Lane[]): Promise<Delivery | null>;
  /** Calls `wake` when something may be there to take; may be spurious, may be missed. Returns the way to stop. */
  watch(wake: () => void): () => void;
  close(): Promise<void>;
}
