import { sleep } from '../platform/clock.ts';
import { isHeadraceError } from '../platform/errors/headrace-error.ts';
import type { WorkersDeps } from './workers-deps.ts';

/** Waits between tries to write while the store is away, in ms; together longer than a lease. */
const waitsMs = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000];

/**
 * Repeats a write while the store is away. An answer that was paid for must outlive a restart of the
 * database; the fencing token makes the repetition harmless.
 */
export async function writePersistently<T>(
  deps: Pick<WorkersDeps, 'clock' | 'log'>,
  write: () => Promise<T>,
): Promise<T> {
  for (const waitMs of waitsMs) {
    try {
      return await write();
    } catch (error) {
      if (!isHeadraceError(error) || !storeAway.has(error.code)) throw error;
      deps.log.warn('worker.write_delayed', { code: error.code, wait_ms: waitMs });
      await sleep(deps.clock, waitMs);
    }
  }
  return await write();
}

const storeAway: ReadonlySet<string> = new Set(['store_unavailable', 'store_disk_full']);
