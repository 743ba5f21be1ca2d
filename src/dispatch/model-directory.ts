import {
  type Account,
  type Candidate,
  classOf,
  isModelName,
  matchesModel,
} from '../accounts/index.ts';
import { dearestRates, type Prices } from '../ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import { describeModel, type KnownModel, type Provider } from '../providers/index.ts';
import type { ModelInfo } from './dispatch.ts';

/** One model at one provider, and the accounts that may serve it. */
export interface Pool {
  info: ModelInfo;
  provider: Provider;
  known: KnownModel;
  accounts: readonly Account[];
  /** The accounts without those that were refused the model; one array until that changes. */
  candidates: readonly Candidate[];
}

export interface ModelDirectory {
  list(): ModelInfo[];
  find(id: string): Pool | null;
  /** Finds a model that no catalogue lists where an account's own patterns vouch for it. */
  discover(providerId: string, model: string): Pool | null;
  /** An account may not use this model: it is left out until `until` (epoch ms). */
  deny(accountId: string, id: string, until: number): void;
  readonly accounts: readonly Account[];
}

export interface DirectoryDeps {
  clock: Clock;
  prices: Prices;
  accounts: readonly Account[];
  providers: ReadonlyMap<string, Provider>;
  /** Account and model → until when (epoch ms) it may not use it; outlives the directory. */
  denials: Map<string, number>;
}

export function createModelDirectory(deps: DirectoryDeps): ModelDirectory {
  const enabled = deps.accounts.filter(
    ({ state, provider }) => state !== 'disabled' && deps.providers.has(provider),
  );
  const pools = new Map<string, Pool>();
  const { denials } = deps;

  function add(provider: Provider, model: string): Pool | null {
    const id = `${provider.id}/${model}`;
    const accounts = enabled.filter((account) => serves(account, provider, model));
    if (accounts.length === 0) return null;
    const known = describeModel(provider.id, model);
    const info = describe({ id, provider, known, accounts }, deps);
    const pool = { info, provider, known, accounts, candidates: accounts.map(candidateFor(model)) };
    pools.set(id, pool);
    return pool;
  }

  for (const [providerId, provider] of deps.providers) {
    const named = enabled
      .filter((account) => account.provider === providerId)
      .flatMap((account) => account.models.filter(isModelName));
    const listed = provider.models.map(({ model }) => model);
    for (const model of new Set([...listed, ...named])) add(provider, model);
  }

  /** Denials end with time; the array changes only when one begins or ends. */
  function refresh(pool: Pool): Pool {
    if (denials.size === 0) return pool;
    const now = deps.clock.now();
    const allowed = pool.accounts.filter(
      ({ id }) => (denials.get(`${id} ${pool.info.id}`) ?? 0) <= now,
    );
    const same =
      allowed.length === pool.candidates.length &&
      allowed.every(({ id }, index) => pool.candidates[index]?.accountId === id);
    if (!same) pool.candidates = allowed.map(candidateFor(pool.info.model));
    return pool;
  }

  return {
    accounts: enabled,
    list: () => [...pools.values()].map(({ info }) => info),
    find(id) {
      const pool = pools.get(id);
      return pool ? refresh(pool) : null;
    },
    discover(providerId, model) {
      const provider = deps.providers.get(providerId);
      return provider ? add(provider, model) : null;
    },
    deny: (accountId, id, until) => void denials.set(`${accountId} ${id}`, until),
  };
}

function candidateFor(model: string) {
  return (account: Account): Candidate => ({
    accountId: account.id,
    modelClass: classOf(account.limits, model),
  });
}

/**
 * An account without patterns serves what its vendor's catalogue lists, and whatever a host of one's own
 * has; patterns vouch for models that no catalogue lists yet.
 */
function serves(account: Account, provider: Provider, model: string): boolean {
  if (account.provider !== provider.id) return false;
  const catalogued = provider.models.length > 0;
  const patterns = account.models.filter((pattern) => !(catalogued && /^\*+$/.test(pattern)));
  if (patterns.length > 0) return matchesModel(patterns, model);
  if (!catalogued) return true;
  const undated = model.replace(/-(?:\d{8}|\d{4}-\d\d-\d\d)$/, '');
  return provider.models.some((known) => known.model === model || known.model === undated);
}

function describe(
  found: { id: string; provider: Provider; known: KnownModel; accounts: readonly Account[] },
  { prices, clock }: DirectoryDeps,
): ModelInfo {
  const { known } = found;
  const price = prices.find(found.id, clock.now());
  return {
    id: found.id,
    provider: found.provider.id,
    model: known.model,
    family: known.family,
    contextTokens: known.contextTokens,
    maxOutputTokens: known.maxOutputTokens,
    inputUsdPerMillion: price?.input ?? null,
    outputUsdPerMillion: price?.output ?? null,
    dearestUsdPerMillion: dearestRates(prices, { model: found.id, at: clock.now() }),
    simulated: found.accounts.every(({ managedBy }) => managedBy === 'simulation'),
    tier: known.tier,
  };
}
