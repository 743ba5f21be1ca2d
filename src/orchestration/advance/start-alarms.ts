import type { Clock } from '../../platform/clock.ts';

export interface Alarms {
  /** One per run: a later one takes the place of the one before. */
  set(runId: string, afterMs: number): void;
  stop(): void;
}

/** Wakes a run at the moment at which its time comes: a poll may be a second late, a time-out may not. */
export function startAlarms(clock: Clock, ring: (runId: string) => void): Alarms {
  const cancels = new Map<string, () => void>();
  return {
    set(runId, afterMs) {
      cancels.get(runId)?.();
      const cancel = clock.setTimer(Math.max(1, Math.ceil(afterMs)), () => {
        cancels.delete(runId);
        ring(runId);
      });
      cancels.set(runId, cancel);
    },
    stop() {
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
    },
  };
}
