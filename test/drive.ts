import { sleep, systemClock } from '../src/platform/clock.ts';
import type { ManualClock } from '../src/platform/manual-clock.ts';

/** Time goes on by `stepMs` whenever the work waits for something real; resolves as the work does. */
export async function drive<T>(clock: ManualClock, work: Promise<T>, stepMs = 1): Promise<T> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  work.then(over, over);
  while (!isOver) {
    await sleep(systemClock, 5);
    await clock.advance(stepMs);
  }
  return await work;
}
