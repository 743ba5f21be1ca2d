import { createHash } from 'node:crypto';
import type { Candidate, LimitedAccount } from '../limiter.ts';
import type { ScopeCaller } from './scope-caller.ts';

/**
 * Accounts of one scope (of one provider) share one hash tag, `{headrace:<scope>}`: every pool is of one
 * provider, and pools of a provider have accounts in common, so nothing smaller would let one call of the
 * script see a whole pool. See docs/adr/2026-11-21-redis-hash-tags.md.
 */
export interface Scope {
  readonly name: string;
  readonly caller: ScopeCaller;
  accounts: readonly LimitedAccount[];
}

export interface Pool {
  scope: Scope;
  /** Follows from what is in it. */
  name: string;
  /** Account and class, by turns; accounts that nobody configured are left out. */
  seats: readonly string[];
  accounts: readonly LimitedAccount[];
  ranks: readonly number[] | undefined;
}

export interface Scopes {
  configure(accounts: readonly LimitedAccount[]): void;
  all(): readonly Scope[];
  of(accountId: string): Scope | undefined;
  /** The same array is looked up once, until the accounts change; `null`: none of them is configured. */
  find(candidates: readonly Candidate[]): Pool | null;
}

export function createScopes(open: (scope: () => Scope, name: string) => ScopeCaller): Scopes {
  const scopes = new Map<string, Scope>();
  const byAccount = new Map<string, { scope: Scope; account: LimitedAccount }>();
  let pools = new WeakMap<readonly Candidate[], Pool>();

  function openScope(name: string): Scope {
    const known = scopes.get(name);
    if (known) return known;
    const scope: Scope = { name, caller: open(() => scope, name), accounts: [] };
    scopes.set(name, scope);
    return scope;
  }

  return {
    configure(accounts) {
      byAccount.clear();
      pools = new WeakMap();
      const grouped = Map.groupBy(accounts, ({ scope }) => scope ?? '');
      for (const name of grouped.keys()) openScope(name);
      for (const scope of scopes.values()) {
        scope.accounts = grouped.get(scope.name) ?? [];
        for (const account of scope.accounts) byAccount.set(account.id, { scope, account });
      }
    },
    all: () => [...scopes.values()],
    of: (accountId) => byAccount.get(accountId)?.scope,
    find(candidates) {
      const known = pools.get(candidates);
      if (known) return known;
      const found = candidates.flatMap(({ accountId, modelClass }) => {
        const listed = byAccount.get(accountId);
        return listed ? [{ ...listed, modelClass }] : [];
      });
      const scope = found[0]?.scope;
      if (!scope) return null;
      if (found.some((each) => each.scope !== scope)) {
        throw new Error('The accounts of one pool must have one scope.');
      }
      const accounts = found.map(({ account }) => account);
      const seats = found.flatMap(({ account, modelClass }) => [account.id, modelClass]);
      const name = createHash('sha1').update(seats.join('\n')).digest('base64');
      const ranks = ranksOf(accounts.map(({ id }) => id));
      const pool: Pool = { scope, name, seats, accounts, ranks };
      pools.set(candidates, pool);
      return pool;
    },
  };
}

function ranksOf(ids: readonly string[]): number[] | undefined {
  const sorted = [...ids].sort((a, b) => (a < b ? -1 : Number(a > b)));
  if (sorted.every((id, index) => id === ids[index])) return undefined;
  return ids.map((id) => sorted.indexOf(id) + 1);
}
