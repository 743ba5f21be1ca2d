import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../../src/platform/random.ts';

/** Sends one call; `retryAfterMs`: it was refused and may come again. */
export type Send = (
  attempt: { call: number; number: number },
  signal: AbortSignal,
) => Promise<{ ok: boolean; retryAfterMs: number }>;

export interface Offered {
  offered: number;
  answered: number;
  /** Times that a client was told to come again. */
  sentAway: number;
  /** From the first try to the answer, ms, ascending. */
  latencies: number[];
}

/**
 * Calls that arrive at random (Poisson) at a steady rate, whatever becomes of those before; each comes
 * again when it is told to, until the time is over.
 */
export async function offerLoad(
  send: Send,
  load: { perSecond: number; seconds: number; seed: string },
): Promise<Offered> {
  const random = createRandom(load.seed);
  const over = new AbortController();
  const endAt = Date.now() + load.seconds * 1000;
  const offered: Offered = { offered: 0, answered: 0, sentAway: 0, latencies: [] };
  const clients: Promise<void>[] = [];

  async function serve(call: number): Promise<void> {
    const began = performance.now();
    for (let number = 0; Date.now() < endAt; number += 1) {
      const { ok, retryAfterMs } = await send({ call, number }, over.signal);
      if (over.signal.aborted) return;
      if (ok) {
        offered.answered += 1;
        offered.latencies.push(performance.now() - began);
        return;
      }
      offered.sentAway += 1;
      await sleep(Math.max(20, retryAfterMs), undefined, { signal: over.signal });
    }
  }

  let failed: unknown;
  let arrival = Date.now();
  while (arrival < endAt && failed === undefined) {
    arrival += (-Math.log(1 - random.next()) / load.perSecond) * 1000;
    const wait = Math.min(arrival, endAt) - Date.now();
    if (wait > 0) await sleep(wait);
    if (arrival >= endAt) break;
    clients.push(
      serve(offered.offered).catch((error: unknown) => {
        // Who waits when the time is over goes home.
        if (!over.signal.aborted) failed ??= error;
      }),
    );
    offered.offered += 1;
  }
  over.abort();
  await Promise.all(clients);
  if (failed !== undefined) throw failed;
  offered.latencies.sort((a, b) => a - b);
  return offered;
}
