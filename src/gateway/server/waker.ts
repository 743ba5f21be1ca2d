import type { Clock } from '../../platform/clock.ts';

export interface Waker {
  /** Ends the wait that runs, or the next one at once. */
  wake(): void;
  /** Resolves on `wake`, on the signal, or after `ms`; never rejects. */
  wait(ms: number): Promise<void>;
}

export function createWaker(clock: Clock, signal: AbortSignal): Waker {
  let awake = false;
  let resume: (() => void) | undefined;
  const wake = () => {
    awake = true;
    resume?.();
  };
  return {
    wake,
    async wait(ms) {
      if (!awake && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const cancel = clock.setTimer(ms, resolve);
          signal.addEventListener('abort', wake, { once: true });
          resume = () => {
            cancel();
            resolve();
          };
        });
        signal.removeEventListener('abort', wake);
        resume = undefined;
      }
      awake = false;
    },
  };
}
