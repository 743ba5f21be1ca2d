import { checkPooling } from '../platform/config/check-pooling.ts';
import type { AccountConfig } from '../platform/config/config.ts';
import { atTheirPaths, type Path, problemError } from '../platform/config/config-problem.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Store, Tx } from '../platform/store/store.ts';
import type { StateReason } from './account.ts';
import { rightsColumns } from './registry/credential-rights.ts';
import { endQuarantine } from './registry/end-quarantine.ts';
import { lockAccounts, readPool } from './registry/stored-accounts.ts';
import type { Vault } from './vault.ts';

/** An account as the configuration, the environment or the simulation declares it. */
export type AccountSpec = Omit<AccountConfig, 'managedBy'> & {
  managedBy: 'file' | 'environment' | 'simulation';
};

export interface SyncDeps {
  store: Store;
  vault: Vault;
}

/**
 * Makes the stored accounts those of the declaration, in one transaction. One that is no longer declared
 * is disabled, not deleted: its attempts stay on the ledger. Accounts made through the API are left alone.
 */
export async function syncAccounts(deps: SyncDeps, specs: readonly AccountSpec[]): Promise<void> {
  await deps.store.transaction('system', async (tx) => {
    await lockAccounts(tx);
    await refuseTaken(tx, specs);
    await refusePooling(tx, deps.vault, specs);
    for (const spec of specs) {
      await writeAccount(tx, spec);
      await writeCredentials(tx, deps.vault, spec);
    }
    await disableRemoved(tx, specs);
  });
}

async function refuseTaken(tx: Tx, specs: readonly AccountSpec[]): Promise<void> {
  const [taken] = await tx.query<{ id: string }>(
    `SELECT id FROM accounts WHERE managed_by = 'api' AND id = ANY($1) ORDER BY id LIMIT 1`,
    [specs.map(({ id }) => id)],
  );
  if (!taken) return;
  throw new HeadraceError('config_invalid', {
    message: `An account named ${taken.id} was already added through the API.`,
    where: `accounts.${taken.id}`,
    fix: 'Give the declared account another id, or remove the other one first.',
  });
}

/** Declared accounts are checked among themselves when they are read; here against those of the API. */
async function refusePooling(tx: Tx, vault: Vault, specs: readonly AccountSpec[]): Promise<void> {
  const added = (await readPool(tx)).filter(({ managedBy }) => managedBy === 'api');
  const declared = specs.filter(({ managedBy }) => managedBy !== 'simulation');
  if (added.length === 0 || declared.length === 0) return;
  const joining = declared.map((spec) => ({
    ...spec,
    credentials: spec.credentials.map(({ id, secret, admin }) => ({
      id,
      isAdmin: admin !== undefined,
      print: vault.fingerprint(secret),
    })),
    place: (part: Path) => ['accounts', spec.id, ...part],
  }));
  const { problems } = checkPooling([...added, ...joining]);
  if (problems.length > 0) throw problemError(atTheirPaths(problems));
}

async function writeAccount(tx: Tx, spec: AccountSpec): Promise<void> {
  // A declared account that had been removed is back; every other state has its own reason and stays.
  await tx.query(
    `INSERT INTO accounts (id, provider, managed_by, owner_email, entitlement, base_url, models, limits,
       weight, price_factor)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9, $10)
     ON CONFLICT (id) DO UPDATE SET provider = excluded.provider, managed_by = excluded.managed_by,
       owner_email = excluded.owner_email, entitlement = excluded.entitlement, base_url = excluded.base_url,
       models = excluded.models, limits = excluded.limits, weight = excluded.weight,
       price_factor = excluded.price_factor, updated_at = headrace_now(),
       state = CASE WHEN accounts.state_reason->>'kind' = 'removed' THEN 'active' ELSE accounts.state END,
       state_reason = CASE WHEN accounts.state_reason->>'kind' = 'removed' THEN NULL ELSE accounts.state_reason END,
       state_until = CASE WHEN accounts.state_reason->>'kind' = 'removed' THEN NULL ELSE accounts.state_until END`,
    [
      spec.id,
      spec.provider,
      spec.managedBy,
      spec.ownerEmail,
      spec.entitlement,
      spec.baseUrl,
      JSON.stringify(spec.models),
      JSON.stringify(spec.limits),
      spec.weight,
      spec.priceFactor,
    ],
  );
}

async function writeCredentials(tx: Tx, vault: Vault, spec: AccountSpec): Promise<void> {
  const stored = await tx.query<{ id: string; print: string }>(
    `SELECT id, fingerprint || ' ' || kind || ' ' || coalesce(project, '') AS print FROM credentials
     WHERE account_id = $1 AND revoked_at IS NULL`,
    [spec.id],
  );
  const known = new Map(stored.map(({ id, print }) => [id, print]));
  let changed = false;
  for (const { id, secret, admin } of spec.credentials) {
    const fingerprint = vault.fingerprint(secret);
    const [kind, project] = rightsColumns(admin);
    // The fingerprint depends on the secret key too, so a record sealed under another one is sealed anew.
    if (known.get(id) === `${fingerprint} ${kind} ${project ?? ''}`) continue;
    const sealed = vault.seal({ accountId: spec.id, credentialId: id }, secret);
    await tx.query(
      `INSERT INTO credentials (account_id, id, fingerprint, sealed, kind, project)
       VALUES ($1, $2, $3, $4::jsonb, $5, $6)
       ON CONFLICT (account_id, id) DO UPDATE SET fingerprint = excluded.fingerprint,
         kind = excluded.kind, project = excluded.project, sealed = excluded.sealed, created_at = headrace_now(), revoked_at = NULL, retires_at = NULL,
         refused_at = NULL, refusals = 0, probe_at = NULL`,
      [spec.id, id, fingerprint, JSON.stringify(sealed), kind, project],
    );
    changed ||= admin === undefined;
  }
  const gone = await tx.query(
    `UPDATE credentials SET revoked_at = headrace_now(), sealed = 'null'
     WHERE account_id = $1 AND revoked_at IS NULL AND NOT id = ANY($2) RETURNING id`,
    [spec.id, spec.credentials.map(({ id }) => id)],
  );
  // New keys are what a quarantined account waits for.
  if (changed || gone.length > 0) await endQuarantine(tx, spec.id);
}

async function disableRemoved(tx: Tx, specs: readonly AccountSpec[]): Promise<void> {
  const reason: Omit<StateReason, 'since'> = {
    kind: 'removed',
    message: 'The account is no longer declared.',
    provenance: 'operator',
  };
  await tx.query(
    `UPDATE accounts SET state = 'disabled', state_until = NULL, updated_at = headrace_now(),
       state_reason = $2::jsonb || jsonb_build_object('since', floor(extract(epoch FROM headrace_now()) * 1000))
     WHERE managed_by <> 'api' AND NOT id = ANY($1) AND state_reason->>'kind' IS DISTINCT FROM 'removed'`,
    [specs.map(({ id }) => id), JSON.stringify(reason)],
  );
}
