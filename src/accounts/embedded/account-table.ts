import type { Candidate, LimitedAccount } from '../limiter.ts';
import { type AccountEntry, bucketOf, createEntry, updateEntry } from './account-entry.ts';
import type { Seat } from './judge-seat.ts';
import type { WindowGuard } from './window-guard.ts';

export interface AccountTable {
  readonly entries: ReadonlyMap<string, AccountEntry>;
  configure(accounts: readonly LimitedAccount[]): void;
  /** The same array is looked up once, until the accounts change. */
  find(candidates: readonly Candidate[]): readonly Seat[];
  /** Changes one account; nothing where it is gone meanwhile. */
  change(accountId: string, work: (entry: AccountEntry) => void): void;
}

export function createAccountTable(createGuard: () => WindowGuard): AccountTable {
  const entries = new Map<string, AccountEntry>();
  let seatsOf = new WeakMap<readonly Candidate[], Seat[]>();
  return {
    entries,
    configure(accounts) {
      const kept = new Set(accounts.map(({ id }) => id));
      for (const id of entries.keys()) if (!kept.has(id)) entries.delete(id);
      for (const spec of accounts) {
        const entry = entries.get(spec.id);
        if (entry) updateEntry(entry, spec);
        else entries.set(spec.id, createEntry(spec, createGuard()));
      }
      seatsOf = new WeakMap();
    },
    find(candidates) {
      const known = seatsOf.get(candidates);
      if (known) return known;
      const seats = candidates.flatMap(({ accountId, modelClass }) => {
        const entry = entries.get(accountId);
        return entry ? [{ entry, bucket: bucketOf(entry, modelClass) }] : [];
      });
      seatsOf.set(candidates, seats);
      return seats;
    },
    change(accountId, work) {
      const entry = entries.get(accountId);
      if (!entry) return;
      work(entry);
      entry.dirty = true;
    },
  };
}
