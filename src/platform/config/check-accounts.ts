import { createHash } from 'node:crypto';
import { checkPooling, type Findings } from './check-pooling.ts';
import type { AccountConfig } from './config.ts';
import type { ConfigProblem, Path } from './config-problem.ts';
import { type KnownProvider, keyVariables } from './known-providers.ts';

/** An account and its place in the list. */
export interface PlacedAccount {
  index: number;
  account: AccountConfig;
}

/** What only a room that knows the providers' models can say of an account. */
export type CheckAccount = (account: AccountConfig, path: Path) => ConfigProblem[];

/** What is wrong between the accounts of the configuration. */
export function checkAccounts(accounts: readonly PlacedAccount[]): Findings {
  return checkPooling(
    accounts.map(({ index, account }) => ({
      ...account,
      credentials: account.credentials.map(({ id, secret, admin }) => ({
        id,
        isAdmin: admin !== undefined,
        print: fingerprint(secret),
      })),
      place: (part: Path) => placeOf(account, index, part),
    })),
  );
}

/** Identifies a secret without holding it; 128 bits, so that no two differ and agree. */
export function fingerprint(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 32);
}

// The place of a part of an account: within the file, or the variable that the whole account came from.
function placeOf(account: AccountConfig, index: number, part: Path): Path {
  if (account.managedBy === 'environment') return [keyVariables[account.provider as KnownProvider]];
  return ['accounts', index, ...part];
}
