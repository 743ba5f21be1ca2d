import type { JsonObject } from '../../platform/json.ts';
import type { Store } from '../../platform/store/store.ts';

export interface PoolEvent {
  type: string;
  /** Epoch ms. */
  at: number;
  data: JsonObject;
}

/** The latest events of an account, newest first. */
export async function readPoolEvents(
  store: Store,
  accountId: string,
  limit: number,
): Promise<PoolEvent[]> {
  const rows = await store.transaction('system', (tx) =>
    tx.query<{ type: string; at: Date; data: JsonObject }>(
      'SELECT type, at, data FROM pool_events WHERE account_id = $1 ORDER BY id DESC LIMIT $2',
      [accountId, limit],
    ),
  );
  return rows.map(({ type, at, data }) => ({ type, at: at.getTime(), data }));
}
