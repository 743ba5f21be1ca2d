import { isDeepStrictEqual } from 'node:util';
import { checkPooling, type PooledAccount } from '../../platform/config/check-pooling.ts';
import type { ConfigWarning } from '../../platform/config/config.ts';
import type { ConfigProblem } from '../../platform/config/config-problem.ts';
import type { WrittenAccount } from '../../platform/config/read-account-list.ts';
import type { JsonObject } from '../../platform/json.ts';
import type { Store, Tx } from '../../platform/store/store.ts';
import type { Account } from '../account.ts';
import { readAccounts } from '../load-accounts.ts';
import { invalidAccounts } from './add-accounts.ts';
import { recordPoolEvent } from './record-pool-event.ts';
import { findOwnAccount, lockAccounts, readPool } from './stored-accounts.ts';

/**
 * What of an account is changed in place. Not its address: a stored key would go to whatever host it names,
 * and keys never leave the vault but to the vendor they were given for.
 */
export type AccountTerms = Pick<
  WrittenAccount,
  'ownerEmail' | 'entitlement' | 'models' | 'limits' | 'weight' | 'priceFactor'
>;

export interface PlannedTerms {
  /** `null` where they cannot be read. */
  terms: AccountTerms | null;
  /** Placed within the account. */
  problems: readonly ConfigProblem[];
}

/**
 * Changes the terms of an account that was added; what counts against its limits stays. `plan` makes the new
 * terms from those of now, which nobody else changes meanwhile. Terms that stay as they are leave no event.
 * @throws HeadraceError `not_found`, `account_declared`, `account_invalid` with every problem
 */
export async function changeAccount(
  store: Store,
  accountId: string,
  plan: (account: Account) => PlannedTerms,
): Promise<{ warnings: ConfigWarning[] }> {
  const warnings = await store.transaction('system', async (tx) => {
    await lockAccounts(tx);
    const { provider } = await findOwnAccount(tx, accountId);
    const [account] = await readAccounts(tx, accountId);
    if (!account) return [];
    const { terms, problems } = plan(account);
    const found = checkPooling(withTerms(await readPool(tx), accountId, terms));
    const all = [...problems, ...found.problems];
    if (all.length > 0 || terms === null) throw invalidAccounts(all);
    const changes = compareTerms(account, terms);
    if (Object.keys(changes).length === 0) return [];
    await writeTerms(tx, accountId, terms);
    await recordPoolEvent(tx, { type: 'account.changed', provider, accountId, data: { changes } });
    return found.warnings;
  });
  store.notify('accounts', accountId);
  return { warnings };
}

/** The pool as it will be; what is wrong with it is placed within the account that changes. */
function withTerms(
  pool: readonly PooledAccount[],
  accountId: string,
  terms: AccountTerms | null,
): PooledAccount[] {
  return pool.map((each) =>
    each.id === accountId && terms !== null
      ? { ...each, entitlement: terms.entitlement, place: (part) => part }
      : each,
  );
}

const wireNames = {
  ownerEmail: 'owner_email',
  entitlement: 'entitlement',
  models: 'models',
  limits: 'limits',
  weight: 'weight',
  priceFactor: 'price_factor',
} as const satisfies Record<keyof AccountTerms, string>;

/** What differs, from and to, by the names that people write. */
function compareTerms(before: AccountTerms, after: AccountTerms): JsonObject {
  const names = Object.keys(wireNames) as (keyof AccountTerms)[];
  return Object.fromEntries(
    names
      .filter((name) => !isDeepStrictEqual(before[name], after[name]))
      .map((name) => [wireNames[name], { from: before[name], to: after[name] } as JsonObject]),
  );
}

async function writeTerms(tx: Tx, accountId: string, terms: AccountTerms): Promise<void> {
  await tx.query(
    `UPDATE accounts SET owner_email = $2, entitlement = $3, models = $4::jsonb, limits = $5::jsonb,
       weight = $6, price_factor = $7, updated_at = headrace_now() WHERE id = $1`,
    [
      accountId,
      terms.ownerEmail,
      terms.entitlement,
      JSON.stringify(terms.models),
      JSON.stringify(terms.limits),
      terms.weight,
      terms.priceFactor,
    ],
  );
}
