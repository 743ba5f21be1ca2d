import type { AccountState, Candidate, Pause } from '../accounts/index.ts';
import type { Failure } from '../providers/index.ts';

const second = 1000;
const minute = 60 * second;

/** Guessed pauses by kind of failure: the first, and the longest that repeated refusals lead to, ms. */
const guesses = {
  rate_limited: [second, minute],
  quota_exhausted: [10 * minute, 60 * minute],
  credential: [5 * minute, 60 * minute],
} as const;

const states = {
  rate_limited: 'cooling',
  quota_exhausted: 'exhausted',
  credential: 'quarantined',
} as const satisfies Record<keyof typeof guesses, AccountState>;

export interface HeldBack {
  pause: Pause;
  state: AccountState;
  message: string;
}

/**
 * What a refusal holds back and for how long: the vendor's own word where it gave one, else a guess that
 * doubles with every refusal in a row. `null`: this failure says nothing about the account.
 */
export function pauseFor(
  failure: Failure,
  about: { candidate: Candidate; times: number; now: number },
): HeldBack | null {
  const { kind, scope } = failure;
  if (kind !== 'rate_limited' && kind !== 'quota_exhausted' && kind !== 'credential') return null;
  if (scope === 'request') return null;
  const { candidate, times, now } = about;
  const stated =
    failure.until ?? (failure.retryAfterMs === null ? null : now + failure.retryAfterMs);
  const [first, longest] = guesses[kind];
  const until = stated ?? now + Math.min(longest, first * 2 ** Math.min(times - 1, 16));
  const wholeAccount = scope === 'account' || scope === 'credential';
  return {
    state: states[kind],
    message: failure.message,
    pause: {
      accountId: candidate.accountId,
      modelClass: wholeAccount ? undefined : candidate.modelClass,
      dimension: kind === 'rate_limited' ? (failure.dimension ?? undefined) : undefined,
      until,
      provenance: stated === null ? 'guessed' : 'stated',
      reason: kind,
    },
  };
}
