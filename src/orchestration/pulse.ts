import type { Clock } from '../platform/clock.ts';

export interface Pulse {
  /** Runs the beat soon; many wakes before it begins are one. */
  wake(): void;
  /** No further beat begins; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** Runs `beat` whenever it is woken, and every `everyMs` anyway: hints may be lost. Never two at a time. */
export function startPulse(clock: Clock, everyMs: number, beat: () => Promise<void>): Pulse {
  let stopped = false;
  let woken = true;
  let running: Promise<void> | null = null;
  let cancelTimer = () => {};

  const loop = async () => {
    while (woken && !stopped) {
      woken = false;
      await beat();
    }
    running = null;
    if (!stopped) cancelTimer = clock.setTimer(everyMs, wake);
  };
  const wake = () => {
    woken = true;
    if (stopped || running !== null) return;
    cancelTimer();
    running = Promise.resolve().then(loop);
  };
  wake();
  return {
    wake,
    async stop() {
      stopped = true;
      cancelTimer();
      await running;
    },
  };
}
