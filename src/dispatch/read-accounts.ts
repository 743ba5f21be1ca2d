import { type Account, type LimitedAccount, loadAccounts } from '../accounts/index.ts';
import type { Store } from '../platform/store/store.ts';
import type { Provider } from '../providers/index.ts';
import { readDrains } from './desk/provider-drains.ts';
import {
  createModelDirectory,
  type DirectoryDeps,
  type ModelDirectory,
} from './model-directory.ts';

/** The accounts as the store has them at one moment, and what follows from them. */
export interface ReadAccounts {
  accounts: readonly Account[];
  directory: ModelDirectory;
  limited: LimitedAccount[];
  /** What operators have taken out: `provider`, or `provider/model`. */
  drained: ReadonlySet<string>;
}

/** What a vendor refused an account outlives each reading. */
export function createAccountReader(
  deps: Omit<DirectoryDeps, 'accounts' | 'denials'> & { store: Store },
): () => Promise<ReadAccounts> {
  const { store, providers } = deps;
  const denials = new Map<string, number>();
  return async () => {
    const accounts = withoutReal(await loadAccounts(store));
    return {
      accounts,
      directory: createModelDirectory({ ...deps, accounts, denials }),
      limited: limitAccounts(accounts, providers),
      drained: await readDrains(store),
    };
  };
}

/** Simulated accounts stand alone: a run must be wholly simulated or wholly real. */
function withoutReal(accounts: readonly Account[]): readonly Account[] {
  const simulated = accounts.filter(
    ({ managedBy, state }) => managedBy === 'simulation' && state !== 'disabled',
  );
  return simulated.length > 0 ? simulated : accounts;
}

function limitAccounts(
  accounts: readonly Account[],
  providers: ReadonlyMap<string, Provider>,
): LimitedAccount[] {
  return accounts.flatMap((account) => {
    const provider = providers.get(account.provider);
    if (!provider) return [];
    const { dayZone, perSecondShares, ramp } = provider.limits;
    return {
      id: account.id,
      rules: account.limits,
      policy: { dayZone, perSecondShares, ramp },
      weight: account.weight / heaviest(accounts, account.provider),
      price: account.priceFactor,
      scope: account.provider,
      usable: isUsable(account),
      startsAnew: account.managedBy === 'simulation',
    };
  });
}

function heaviest(accounts: readonly Account[], provider: string): number {
  const usable = accounts.filter((account) => account.provider === provider && isUsable(account));
  return usable.length === 0 ? 1 : Math.max(...usable.map(({ weight }) => weight));
}

function isUsable({ state }: Account): boolean {
  return state !== 'disabled' && state !== 'draining';
}
