import type { AccountPause } from '../accounts/index.ts';

interface Refusal {
  times: number;
  /** Epoch ms. */
  at: number;
}

/** How often in a row each account was refused: a guessed pause grows with it. */
export interface Refusals {
  /** Takes over what the process before, or another, was told. */
  adopt(accountId: string, pauses: readonly AccountPause[]): void;
  /** How many in a row a refusal of a call that was sent at `sentAt` (epoch ms) makes. */
  count(accountId: string, sentAt: number): number;
  note(accountId: string, refusal: Refusal): void;
  /** A call that was sent at `sentAt` was answered. */
  forget(accountId: string, sentAt: number): void;
}

export function createRefusals(): Refusals {
  const latest = new Map<string, Refusal>();
  return {
    adopt(accountId, pauses) {
      const last = pauses.toSorted((one, other) => other.times - one.times)[0];
      if (!last || latest.has(accountId)) return;
      latest.set(accountId, { times: last.times, at: last.since });
    },
    count(accountId, sentAt) {
      const last = latest.get(accountId);
      if (!last) return 1;
      // Calls that were under way together are refused together; that is one refusal.
      return sentAt > last.at ? last.times + 1 : last.times;
    },
    note: (accountId, refusal) => void latest.set(accountId, refusal),
    forget(accountId, sentAt) {
      const last = latest.get(accountId);
      // A call that was sent before a refusal disproves nothing.
      if (last && sentAt >= last.at) latest.delete(accountId);
    },
  };
}
