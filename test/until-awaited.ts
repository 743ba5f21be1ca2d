import assert from 'node:assert/strict';
import type { Tx } from '../src/platform/store/store.ts';
import { eventually } from './eventually.ts';

/** Until somebody waits for what this transaction holds. */
export async function untilAwaited(tx: Tx): Promise<void> {
  await eventually(async () => {
    const waiting = await tx.query(
      `SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'
         AND transactionid::text = pg_current_xact_id()::text`,
    );
    assert.ok(waiting.length > 0);
  });
}
