import type { Store } from '../../platform/store/store.ts';
import type { ForeignUse } from '../foreign-use.ts';
import { modelsOf } from '../model-class.ts';
import { recordPoolEvent } from './record-pool-event.ts';

const types = ['account.foreign_use_began', 'account.foreign_use_ended'] as const;

/** Accounts of which the last word was that somebody else uses them, too. */
export async function readForeignUse(store: Store): Promise<Set<string>> {
  const rows = await store.transaction('system', (tx) =>
    tx.query<{ account_id: string }>(
      `SELECT account_id FROM (SELECT DISTINCT ON (account_id) account_id, type FROM pool_events
         WHERE type = ANY($1) ORDER BY account_id, id DESC) AS last WHERE type = $2`,
      [types, types[0]],
    ),
  );
  return new Set(rows.map(({ account_id }) => account_id));
}

/**
 * Records that others began to use an account, or (`use` is `null`) that they no longer do. Answers
 * whether that was news: every process of a pool sees it, and one event is enough.
 */
export async function recordForeignUse(
  store: Store,
  account: { id: string; provider: string },
  use: ForeignUse | null,
): Promise<boolean> {
  return await store.transaction('system', async (tx) => {
    const held = await tx.query('SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE', [account.id]);
    if (held.length === 0) return false;
    const [last] = await tx.query<{ type: string }>(
      `SELECT type FROM pool_events WHERE account_id = $1 AND type = ANY($2) ORDER BY id DESC LIMIT 1`,
      [account.id, types],
    );
    const type = types[use === null ? 1 : 0];
    if ((last?.type ?? types[1]) === type) return false;
    await recordPoolEvent(tx, {
      type,
      provider: account.provider,
      accountId: account.id,
      data: use === null ? {} : describe(use),
    });
    return true;
  });
}

function describe({ modelClass, dimension, share }: ForeignUse) {
  const percent = Math.round(share * 100);
  return {
    models: modelsOf(modelClass),
    dimension,
    share: percent / 100,
    message: `${percent} % of what is used of its ${dimension} is somebody else's.`,
  };
}
