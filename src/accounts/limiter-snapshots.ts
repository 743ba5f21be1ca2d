import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Store } from '../platform/store/store.ts';
import type { EmbeddedLimiter } from './embedded/create-embedded-limiter.ts';
import {
  accountSnapshot,
  countUnaccounted,
  restoreSnapshot,
  takeSnapshot,
} from './embedded/snapshot.ts';

export interface SnapshotDeps {
  store: Store;
  clock: Clock;
  log: Log;
  limiter: EmbeddedLimiter;
}

/** The row that tells how far the accounts' rows reach; ids of accounts cannot begin like this. */
const heartbeatPool = '*';
export const snapshotEveryMs = 1000;
/** A snapshot may have been under way when the process ended. */
const slackMs = 2 * snapshotEveryMs;

const heartbeat = z.object({ at: z.number(), clean: z.boolean() });

/** Takes over what the process before spent; its time after the last snapshot counts as spent. */
export async function restoreLimiter({ store, clock, limiter, log }: SnapshotDeps): Promise<void> {
  const rows = await store.transaction('system', (tx) =>
    tx.query<{ pool: string; windows: unknown }>('SELECT pool, windows FROM limiter_snapshots'),
  );
  const now = clock.now();
  const last = heartbeat.safeParse(rows.find(({ pool }) => pool === heartbeatPool)?.windows);
  for (const { pool, windows } of rows) {
    const entry = limiter.entries.get(pool);
    if (!entry || entry.spec.startsAnew) continue;
    const stored = accountSnapshot.safeParse(windows);
    // A damaged row must not stop the start: the account is treated as one that spent everything.
    if (stored.success) restoreSnapshot(entry, stored.data, now);
    else {
      log.warn('limiter.snapshot_unreadable', { account: pool });
      countUnaccounted(entry, now, now);
    }
  }
  if (!last.success || last.data.clean) return;
  log.info('limiter.time_unaccounted', { ms: Math.min(now - last.data.at, slackMs) });
  const at = Math.min(now, last.data.at + slackMs);
  for (const entry of limiter.entries.values()) {
    if (!entry.spec.startsAnew) countUnaccounted(entry, at, now);
  }
}

/** Writes the windows that changed since the last time. `clean`: nothing will be spent after this one. */
export async function writeSnapshots(
  { store, clock, limiter }: SnapshotDeps,
  clean: boolean,
): Promise<void> {
  const now = clock.now();
  const dirty = [...limiter.entries.values()].filter((entry) => entry.dirty);
  const rows: { pool: string; windows: unknown }[] = dirty.map((entry) => {
    entry.dirty = false;
    return { pool: entry.spec.id, windows: takeSnapshot(entry, now) };
  });
  rows.push({ pool: heartbeatPool, windows: { at: now, clean } });
  try {
    await store.transaction('system', (tx) =>
      tx.query(
        `INSERT INTO limiter_snapshots (pool, taken_at, windows)
         SELECT r.pool, headrace_now(), r.windows
         FROM jsonb_to_recordset($1::jsonb) AS r(pool text, windows jsonb)
         ON CONFLICT (pool) DO UPDATE SET taken_at = excluded.taken_at, windows = excluded.windows`,
        [JSON.stringify(rows)],
      ),
    );
  } catch (error) {
    for (const entry of dirty) entry.dirty = true;
    throw error;
  }
}
