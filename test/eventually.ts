import { sleep, systemClock } from '../src/platform/clock.ts';

const patienceMs = 20_000;

/** Attempts what another process must make possible first, until it succeeds; then gives its value. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
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
