import { checkPooling, type PooledAccount } from '../../platform/config/check-pooling.ts';
import type { ConfigWarning, CredentialConfig } from '../../platform/config/config.ts';
import { type ConfigProblem, formatPath } from '../../platform/config/config-problem.ts';
import type { ReadAccounts, WrittenAccount } from '../../platform/config/read-account-list.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Store, Tx } from '../../platform/store/store.ts';
import type { Vault } from '../vault.ts';
import { rightsColumns } from './credential-rights.ts';
import { recordPoolEvent } from './record-pool-event.ts';
import { lockAccounts, readPool } from './stored-accounts.ts';

export interface RegistryDeps {
  store: Store;
  vault: Vault;
}

export interface AddOptions {
  /** Only checks. */
  dryRun: boolean;
  /** One account that stands in no list: its problems are placed within it. */
  alone?: boolean;
}

/**
 * Adds accounts, all or none: whatever is wrong with the others counts too.
 * @throws HeadraceError `account_invalid` with every problem
 */
export async function addAccounts(
  { store, vault }: RegistryDeps,
  { accounts, problems }: ReadAccounts,
  { dryRun, alone = false }: AddOptions,
): Promise<{ accounts: WrittenAccount[]; warnings: ConfigWarning[] }> {
  const added = accounts.map(({ account }) => account);
  const { warnings } = await store.transaction('system', async (tx) => {
    await lockAccounts(tx);
    const joining = accounts.map((each) => describe(each, vault));
    const found = checkPooling([...(await readPool(tx)), ...joining]);
    const all = [...problems, ...found.problems];
    if (all.length > 0) throw invalidAccounts(alone ? all.map(withinAccount) : all);
    if (!dryRun) for (const account of added) await writeAccount(tx, vault, account);
    return found;
  });
  if (!dryRun) store.notify('accounts', '');
  return { accounts: added, warnings };
}

function describe(
  { index, account }: ReadAccounts['accounts'][number],
  vault: Vault,
): PooledAccount {
  const { id, provider, baseUrl, entitlement } = account;
  const credentials = account.credentials.map((credential) => ({
    id: credential.id,
    print: vault.fingerprint(credential.secret),
    isAdmin: credential.admin !== undefined,
  }));
  const place = (part: ConfigProblem['path']) => ['accounts', index, ...part];
  return { id, provider, baseUrl, entitlement, credentials, place, managedBy: 'api' };
}

function withinAccount({ path, ...problem }: ConfigProblem): ConfigProblem {
  return { ...problem, path: path.slice(2) };
}

/** All that is wrong, in the order in which it is written. */
export function invalidAccounts(found: readonly ConfigProblem[]): HeadraceError {
  const problems = found.toSorted((one, other) => Number(one.path[1]) - Number(other.path[1]));
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const named = problems.map(({ path, wrong, fix }) => ({
    where: formatPath(path),
    message: `${placeOf(path)} ${wrong}.`,
    fix,
  }));
  return new HeadraceError('account_invalid', {
    message: `${placeOf(first?.path ?? [])} ${first?.wrong ?? 'is invalid'}${more}.`,
    where: named[0]?.where || 'accounts',
    ...(first ? { fix: first.fix } : {}),
    problems: named,
  });
}

function placeOf(path: ConfigProblem['path']): string {
  return formatPath(path) || 'The account';
}

async function writeAccount(tx: Tx, vault: Vault, account: WrittenAccount): Promise<void> {
  const { id, provider } = account;
  // One that had been declared and was removed there leaves its id free.
  await tx.query(
    `INSERT INTO accounts (id, provider, managed_by, owner_email, entitlement, base_url, models, limits,
       weight, price_factor)
     VALUES ($1, $2, 'api', $3, $4, $5, $6::jsonb, $7::jsonb, $8, $9)
     ON CONFLICT (id) DO UPDATE SET provider = excluded.provider, managed_by = 'api', state = 'active',
       owner_email = excluded.owner_email, entitlement = excluded.entitlement, base_url = excluded.base_url,
       models = excluded.models, limits = excluded.limits, weight = excluded.weight,
       price_factor = excluded.price_factor, state_reason = NULL, state_until = NULL, updated_at = headrace_now()`,
    [
      id,
      provider,
      account.ownerEmail,
      account.entitlement,
      account.baseUrl,
      JSON.stringify(account.models),
      JSON.stringify(account.limits),
      account.weight,
      account.priceFactor,
    ],
  );
  await tx.query('DELETE FROM account_pauses WHERE account_id = $1', [id]);
  await tx.query('DELETE FROM credentials WHERE account_id = $1', [id]);
  for (const credential of account.credentials) {
    await insertCredential(tx, vault, { ...credential, accountId: id });
  }
  await recordPoolEvent(tx, {
    type: 'account.added',
    provider,
    accountId: id,
    data: { credentials: account.credentials.map((credential) => credential.id) },
  });
}

/** Seals a secret into the account; the id must be free. */
export async function insertCredential(
  tx: Tx,
  vault: Vault,
  { accountId, id, secret, admin }: CredentialConfig & { accountId: string },
): Promise<void> {
  const sealed = vault.seal({ accountId, credentialId: id }, secret);
  await tx.query(
    `INSERT INTO credentials (account_id, id, fingerprint, sealed, kind, project)
     VALUES ($1, $2, $3, $4::jsonb, $5, $6)`,
    [accountId, id, vault.fingerprint(secret), JSON.stringify(sealed), ...rightsColumns(admin)],
  );
}
