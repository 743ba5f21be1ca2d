import { z } from 'zod';
import { type LimitRule, limitDimensions } from '../platform/config/config.ts';
import type { Store } from '../platform/store/store.ts';
import type { Account } from './account.ts';

const reason = z.object({
  kind: z.string(),
  message: z.string(),
  provenance: z.enum(['stated', 'guessed', 'operator']),
  since: z.number(),
});

const accountRow = z.object({
  id: z.string(),
  provider: z.string(),
  managed_by: z.enum(['file', 'environment', 'simulation', 'api']),
  owner_email: z.string().nullable(),
  entitlement: z.string().nullable(),
  base_url: z.string().nullable(),
  models: z.array(z.string()),
  limits: z.array(z.looseObject({ models: z.array(z.string()) })),
  state: z.enum(['active', 'cooling', 'exhausted', 'quarantined', 'draining', 'disabled']),
  state_reason: reason.nullable().catch(null),
  state_until: z.date().nullable(),
  credentials: z.array(z.object({ id: z.string(), fingerprint: z.string() })),
});

/** Every account that the store knows, in order of id; secrets stay where they are. */
export async function loadAccounts(store: Store): Promise<Account[]> {
  const rows = await store.transaction('system', (tx) =>
    tx.query(
      // A pause that ran out while nobody called is over, whatever the row says.
      `SELECT a.*, CASE WHEN a.state IN ('cooling', 'exhausted') AND a.state_until <= headrace_now()
           THEN 'active' ELSE a.state END AS state, coalesce((
         SELECT jsonb_agg(jsonb_build_object('id', c.id, 'fingerprint', c.fingerprint) ORDER BY c.created_at, c.id)
         FROM credentials c WHERE c.account_id = a.id AND c.revoked_at IS NULL), '[]') AS credentials
       FROM accounts a ORDER BY a.id`,
    ),
  );
  return rows.map((row) => readAccount(accountRow.parse(row)));
}

function readAccount(row: z.infer<typeof accountRow>): Account {
  return {
    id: row.id,
    provider: row.provider,
    managedBy: row.managed_by,
    ownerEmail: row.owner_email,
    entitlement: row.entitlement,
    baseUrl: row.base_url,
    models: row.models,
    limits: row.limits.map(readRule),
    state: row.state,
    stateReason: row.state_reason,
    stateUntil: row.state_until?.getTime() ?? null,
    credentials: row.credentials,
  };
}

function readRule(stored: { models: string[]; [key: string]: unknown }): LimitRule {
  const read: LimitRule = { models: stored.models };
  for (const dimension of limitDimensions) {
    const limit = stored[dimension];
    if (typeof limit === 'number' || limit === null) read[dimension] = limit;
  }
  return read;
}
