import type { Clock } from '../../platform/clock.ts';

/** The server's time as this process knows it; its own clock may be an hour off. */
export interface ServerClock {
  now(): number;
  /** Takes over what the server just said, epoch ms. */
  learn(serverNow: number): void;
  /** Whether anything was learnt yet. */
  known(): boolean;
  /** For tests: the time that the script believes instead of the server's. */
  pinned(): number | undefined;
}

export function createServerClock(clock: Clock, pin?: () => number): ServerClock {
  let offset: number | null = pin ? 0 : null;
  return {
    now: () => clock.now() + (offset ?? 0),
    learn(serverNow) {
      if (!pin) offset = serverNow - clock.now();
    },
    known: () => offset !== null,
    pinned: () => pin?.(),
  };
}
