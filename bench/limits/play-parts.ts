import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Scenario } from './scenario.ts';
import type { Played } from './summarise.ts';

/** One row of the table. */
export interface Part {
  strategy: string;
  scenario: Scenario;
}

/** Plays them on every core, the longest first; answers in the order in which they are given. */
export async function playParts(
  parts: readonly Part[],
  onPlayed: (part: Part, played: Played) => void = () => undefined,
): Promise<Played[]> {
  const found = new Map<Part, Played>();
  const left = parts.toSorted((one, other) => callsOf(other) - callsOf(one));
  async function playSome(): Promise<void> {
    const worker = new Worker(new URL('play-worker.ts', import.meta.url));
    for (let part = left.shift(); part; part = left.shift()) {
      const played = await play(worker, part);
      found.set(part, played);
      onPlayed(part, played);
    }
    await worker.terminate();
  }
  const workers = Math.min(parts.length, availableParallelism());
  await Promise.all(Array.from({ length: workers }, playSome));
  return parts.flatMap((part) => found.get(part) ?? []);
}

/** What a scenario takes to play grows with the calls it makes. */
function callsOf({ scenario }: Part): number {
  const { accounts, load, warmUpMs, measuredMs } = scenario;
  return accounts * load * (warmUpMs + measuredMs);
}

function play(worker: Worker, part: Part): Promise<Played> {
  return new Promise((resolve, reject) => {
    worker.once('message', (played: Played) => {
      worker.off('error', reject);
      resolve(played);
    });
    worker.once('error', reject);
    worker.postMessage(part);
  });
}
