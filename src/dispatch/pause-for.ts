import type { AccountPause, Candidate, Pause } from '../accounts/index.ts';
import type { Failure } from '../providers/index.ts';

const second = 1000;
const minute = 60 * second;

/** Guessed pauses by what is held back: the first, and the longest that repeated refusals lead to, ms. */
const guesses = {
  rate_limited: [second, minute],
  quota_exhausted: [10 * minute, 60 * minute],
  billing: [10 * minute, 60 * minute],
  // A probe asks the vendor a moment before; a call is the trial only where that stayed unclear.
  credential: [45 * second, 61 * minute],
} as const;

const states = {
  rate_limited: 'cooling',
  quota_exhausted: 'exhausted',
  billing: 'quarantined',
  credential: 'quarantined',
} as const satisfies Record<AccountPause['kind'], AccountPause['state']>;

/**
 * What a refusal holds back and for how long: the vendor's own word where it gave one, else a guess that
 * doubles with every refusal in a row. `null`: this failure says nothing about the account.
 */
export function pauseFor(
  failure: Failure,
  about: { candidate: Candidate; times: number; now: number },
): AccountPause | null {
  const kind = kindOf(failure);
  if (kind === null || failure.scope === 'request') return null;
  const { candidate, times, now } = about;
  const stated =
    failure.until ?? (failure.retryAfterMs === null ? null : now + failure.retryAfterMs);
  const [first, longest] = guesses[kind];
  const wholeAccount = failure.scope === 'account' || failure.scope === 'credential';
  return {
    state: states[kind],
    kind,
    message: failure.message,
    modelClass: wholeAccount ? null : candidate.modelClass,
    dimension: kind === 'rate_limited' ? failure.dimension : null,
    provenance: stated === null ? 'guessed' : 'stated',
    times,
    since: now,
    until: stated ?? now + Math.min(longest, first * 2 ** Math.min(times - 1, 16)),
  };
}

/** The same as the limiter knows it. */
export function limiterPause(accountId: string, pause: AccountPause): Pause {
  return {
    accountId,
    modelClass: pause.modelClass ?? undefined,
    dimension: pause.dimension ?? undefined,
    until: pause.until,
    provenance: pause.provenance,
    reason: pause.kind,
  };
}

function kindOf({ kind, retryable }: Failure): AccountPause['kind'] | null {
  if (kind === 'rate_limited' || kind === 'credential') return kind;
  if (kind !== 'quota_exhausted') return null;
  // A day's quota comes back at its end; a prepaid one when somebody pays.
  return retryable ? 'quota_exhausted' : 'billing';
}
