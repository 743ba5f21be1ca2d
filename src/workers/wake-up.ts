import type { Clock } from '../platform/clock.ts';

/** Lets one loop sleep until something happened; what happens while it is awake is not lost. */
export interface WakeUp {
  signal(): void;
  /** Resolves at the next signal (at once where one came since the last wait), or after `maxMs`. */
  wait(maxMs: number): Promise<void>;
}

export function createWakeUp(clock: Clock): WakeUp {
  let signalled = false;
  let resume: (() => void) | null = null;
  return {
    signal() {
      signalled = true;
      resume?.();
    },
    async wait(maxMs) {
      if (!signalled) {
        await new Promise<void>((resolve) => {
          const cancel = clock.setTimer(maxMs, resolve);
          resume = () => {
            cancel();
            resolve();
          };
        });
      }
      resume = null;
      signalled = false;
    },
  };
}
