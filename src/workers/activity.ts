import type { Claim } from '../queue/index.ts';

/** Why a call under way is broken off. */
export type StopCause = 'lost' | 'drained' | 'silent';

/** A claimed task on which this process works. */
export interface Activity {
  claim: Claim;
  /** The trace of its run, once its context is read. */
  traceId: string | undefined;
  signal: AbortSignal;
  /** Set as soon as the call was broken off. */
  stopped: StopCause | null;
  /** Epoch ms of the last sign of life of its call. */
  lastSignAt: number;
  stop(cause: StopCause): void;
}

export function createActivity(claim: Claim, now: number): Activity {
  const controller = new AbortController();
  const activity: Activity = {
    claim,
    traceId: undefined,
    signal: controller.signal,
    stopped: null,
    lastSignAt: now,
    stop(cause) {
      if (activity.stopped) return;
      activity.stopped = cause;
      controller.abort(new Error(`The call was broken off: ${cause}.`));
    },
  };
  return activity;
}
