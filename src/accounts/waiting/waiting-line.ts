import type { Waiter } from './waiter.ts';

/** In which order those who wait are served. */
export interface WaitingLine {
  enter(waiter: Waiter): void;
  /** It was admitted: its tenant and lane have had that much. */
  served(waiter: Waiter): void;
  /** Leaves no trace, served or not. */
  leave(waiter: Waiter): void;
  /** May be left by those it yields while it is walked. */
  inOrder(): Iterable<Waiter>;
  /** Tokens that are served before this waiter ends, its own included, if nobody else comes. */
  ahead(waiter: Waiter): number;
  size(): number;
}
