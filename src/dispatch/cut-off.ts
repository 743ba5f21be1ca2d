import type { Clock } from '../platform/clock.ts';

export type TimedOut = 'first_byte' | 'first_token' | 'idle' | 'reply' | 'deadline';

/** The reason with which a call's own signal aborts. */
export class CutOff extends Error {
  override readonly name = 'CutOff';
  readonly phase: TimedOut;

  constructor(phase: TimedOut) {
    super(`The provider was silent for too long (${phase.replace('_', ' ')}).`);
    this.phase = phase;
  }
}

/** One signal for a call: the caller's, its deadline, and the time-out of the phase it is in. */
export interface CallSignal {
  readonly signal: AbortSignal;
  /** Begins a phase that may last `ms`; the last one ends. */
  phase(name: TimedOut, ms: number): void;
  /** Stops all timers, and closes the connection where its reply was not read to the end. */
  release(): void;
}

export function createCallSignal(
  clock: Clock,
  bounds: { caller: AbortSignal; deadlineAt: number },
): CallSignal {
  const controller = new AbortController();
  const cut = (phase: TimedOut) => controller.abort(new CutOff(phase));
  const onAbort = () => controller.abort(bounds.caller.reason);
  if (bounds.caller.aborted) onAbort();
  bounds.caller.addEventListener('abort', onAbort, { once: true });
  const cancelDeadline = clock.setTimer(bounds.deadlineAt - clock.now(), () => cut('deadline'));
  let cancelPhase: (() => void) | null = null;
  return {
    signal: controller.signal,
    phase(name, ms) {
      cancelPhase?.();
      cancelPhase = clock.setTimer(ms, () => cut(name));
    },
    release() {
      cancelPhase?.();
      cancelDeadline();
      bounds.caller.removeEventListener('abort', onAbort);
      // A listener that threw leaves the stream unread, and its connection open for ever.
      cut('idle');
    },
  };
}
