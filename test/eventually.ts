import { sleep, systemClock } from '../src/platform/clock.ts';

/** Longer than any machine takes that is merely busy: it ends the wait for what never comes. */
const patienceMs = 60_000;

/** Attempts what somebody else must make possible first, until it succeeds; then gives its value. */
export async function eventually<T>(attempt: () => T | Promise<T>): Promise<T> {
  const deadline = systemClock.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (systemClock.now() > deadline) throw error;
      await sleep(systemClock, 20);
    }
  }
}
