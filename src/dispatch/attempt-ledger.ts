import { groupCalls } from '../platform/group-calls.ts';
import type { Store } from '../platform/store/store.ts';
import { type AttemptEnd, closeAttempts } from './close-attempts.ts';
import type { CallOrder, CallOutcome } from './dispatch.ts';
import { recallAnswer } from './kept-answers.ts';
import { type NewAttempt, type Opened, openAttempts, runOf } from './open-attempts.ts';

/** The record of wire calls. What comes in the same moment for one run shares a transaction. */
export interface AttemptLedger {
  /** Before the call is sent; throws what `openAttempts` throws. */
  open(attempt: NewAttempt): Promise<Opened>;
  /** After it ended; answers what it cost, in nano-USD. */
  close(end: AttemptEnd): Promise<number | null>;
  /** What the order's task was answered when it asked the same before; `null`: it has to be asked. */
  recall(order: Pick<CallOrder, 'owner' | 'keepAs'>): Promise<CallOutcome | null>;
}

export function createAttemptLedger(store: Store): AttemptLedger {
  const open = groupCalls((_, attempts: readonly NewAttempt[]) => openAttempts(store, attempts));
  const close = groupCalls((_, ends: readonly AttemptEnd[]) => closeAttempts(store, ends));
  return {
    recall: (order) => recallAnswer(store, order),
    open: (attempt) => open(runOf(attempt) ?? requests, attempt),
    close: (end) => close(runOf(end) ?? requests, end),
  };
}

/** Requests of clients belong to no run and share no row. */
const requests = 'requests';
