import { z } from 'zod';
import { type LimitRule, limitDimensions } from '../platform/config/config.ts';
import type { Store, Tx } from '../platform/store/store.ts';
import type { Account, AccountPause, CredentialListing } from './account.ts';

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
  weight: z.number(),
  price_factor: z.number(),
  state: z.enum(['active', 'cooling', 'exhausted', 'quarantined', 'draining', 'disabled']),
  state_reason: reason.nullable().catch(null),
  state_until: z.date().nullable(),
  pauses: z.array(
    z.object({
      model_class: z.string(),
      dimension: z.enum(limitDimensions).or(z.literal('')),
      state: z.enum(['cooling', 'exhausted', 'quarantined']),
      kind: z.enum(['rate_limited', 'quota_exhausted', 'billing', 'credential']),
      message: z.string(),
      provenance: z.enum(['stated', 'guessed']),
      times: z.number(),
      since: z.coerce.date(),
      until: z.coerce.date(),
    }),
  ),
  credentials: z.array(
    z.object({
      id: z.string(),
      fingerprint: z.string(),
      kind: z.enum(['call', 'admin']),
      project: z.string().nullable(),
      created_at: z.coerce.date(),
      retires_at: z.coerce.date().nullable(),
      refused_at: z.coerce.date().nullable(),
      probe_at: z.coerce.date().nullable(),
    }),
  ),
});
type AccountRow = z.infer<typeof accountRow>;

/** Every account that the store knows, in order of id, or the one; secrets stay where they are. */
export async function loadAccounts(
  store: Store,
  accountId: string | null = null,
): Promise<Account[]> {
  return store.transaction('system', (tx) => readAccounts(tx, accountId));
}

/** As `loadAccounts`, within a transaction. */
export async function readAccounts(tx: Tx, accountId: string | null): Promise<Account[]> {
  const rows = await tx.query(
    // A pause that ran out while nobody called is over, whatever the row says.
    `SELECT a.*, CASE WHEN a.state IN ('cooling', 'exhausted') AND a.state_until <= headrace_now()
         THEN 'active' ELSE a.state END AS state,
       coalesce((SELECT jsonb_agg(to_jsonb(p) ORDER BY p.since, p.model_class, p.dimension) FROM account_pauses p
         WHERE p.account_id = a.id AND (p.provenance = 'guessed' OR p.until > headrace_now())), '[]') AS pauses,
       coalesce((SELECT jsonb_agg(to_jsonb(c) - 'sealed' ORDER BY c.created_at, c.id) FROM credentials c
         WHERE c.account_id = a.id AND c.revoked_at IS NULL
           AND (c.retires_at IS NULL OR c.retires_at > headrace_now())), '[]') AS credentials
     FROM accounts a WHERE $1::text IS NULL OR a.id = $1 ORDER BY a.id`,
    [accountId],
  );
  return rows.map((row) => readAccount(accountRow.parse(row)));
}

function readAccount(row: AccountRow): Account {
  return {
    id: row.id,
    provider: row.provider,
    managedBy: row.managed_by,
    ownerEmail: row.owner_email,
    entitlement: row.entitlement,
    baseUrl: row.base_url,
    models: row.models,
    limits: row.limits.map(readRule),
    weight: row.weight,
    priceFactor: row.price_factor,
    state: row.state,
    stateReason: row.state_reason,
    stateUntil: row.state_until?.getTime() ?? null,
    pauses: row.pauses.map(readPause),
    credentials: row.credentials.filter(({ kind }) => kind === 'call').map(readCredential),
    adminCredentials: row.credentials
      .filter(({ kind }) => kind === 'admin')
      .map((each) => ({ ...readCredential(each), project: each.project })),
  };
}

function readPause({
  model_class,
  dimension,
  ...pause
}: AccountRow['pauses'][number]): AccountPause {
  return {
    ...pause,
    modelClass: model_class === '' ? null : model_class,
    dimension: dimension === '' ? null : dimension,
    since: pause.since.getTime(),
    until: pause.until.getTime(),
  };
}

function readCredential(row: AccountRow['credentials'][number]): CredentialListing {
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    addedAt: row.created_at.getTime(),
    retiresAt: row.retires_at?.getTime() ?? null,
    refusedAt: row.refused_at?.getTime() ?? null,
    probeAt: row.probe_at?.getTime() ?? null,
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
