import type { LimitDimension } from './limit.ts';

/**
 * - `transient`: the provider's trouble (5xx, overload, cut stream).
 * - `rate_limited`: a window is full and refills by itself within minutes.
 * - `quota_exhausted`: a day's, month's or prepaid quota is used up, or a bill is unpaid.
 * - `credential`: the key is wrong, revoked or lacks a right.
 * - `model_access`: this account may not use this model, or it does not exist.
 * - `caller`: the request itself is wrong; no account will take it.
 * - `content`: a filter refused the input or the output.
 * - `unknown`: none of the documented shapes.
 */
export type FailureKind =
  | 'transient'
  | 'rate_limited'
  | 'quota_exhausted'
  | 'credential'
  | 'model_access'
  | 'caller'
  | 'content'
  | 'unknown';

/** Why a call failed, read once, here; nobody parses a provider's message again. */
export interface Failure {
  kind: FailureKind;
  /** What to hold back: this request only, one key, one account, an account's model, or the model everywhere. */
  scope: 'request' | 'credential' | 'account' | 'account_model' | 'provider_model';
  /** The same call can succeed at the same account later without anybody's help. */
  retryable: boolean;
  /** Milliseconds to wait: the provider's own word, or the time up to `until`; `null` where neither is known. */
  retryAfterMs: number | null;
  /** The limit that was hit, where it is known. */
  dimension: LimitDimension | null;
  /** The value of that limit, where it is stated. */
  limit: number | null;
  /** Refused for how steeply use grew, not for its amount: no limit was hit. */
  steep?: true;
  /** Epoch ms when a quota comes back; `null`: not known, or not before a person acts. */
  until: number | null;
  /** Whether the provider said so, or the status alone was read. */
  provenance: 'stated' | 'guessed';
  /** The provider's own code, or `http_<status>`. */
  code: string;
  /** At most 300 characters, without secrets. */
  message: string;
}

/** What a failure means for the next step, apart from its words and times. */
export type Verdict = Pick<Failure, 'kind' | 'scope' | 'retryable'>;

export const verdicts = {
  /** This call met trouble; the next one need not. */
  trouble: { kind: 'transient', scope: 'request', retryable: true },
  /** The model is overloaded for everybody. */
  overloaded: { kind: 'transient', scope: 'provider_model', retryable: true },
  rateLimited: { kind: 'rate_limited', scope: 'account_model', retryable: true },
  /** Larger than the whole limit: no wait helps, another account may. */
  overLimit: { kind: 'rate_limited', scope: 'request', retryable: false },
  /** Comes back by itself at the end of its day or month. */
  periodQuota: { kind: 'quota_exhausted', scope: 'account_model', retryable: true },
  periodSpend: { kind: 'quota_exhausted', scope: 'account', retryable: true },
  /** Comes back when somebody pays. */
  billing: { kind: 'quota_exhausted', scope: 'account', retryable: false },
  freeQuota: { kind: 'quota_exhausted', scope: 'account_model', retryable: false },
  badCredential: { kind: 'credential', scope: 'credential', retryable: false },
  /** The account as a whole is refused (deactivated, unsupported country). */
  badAccount: { kind: 'credential', scope: 'account', retryable: false },
  noModel: { kind: 'model_access', scope: 'account_model', retryable: false },
  badRequest: { kind: 'caller', scope: 'request', retryable: false },
  filtered: { kind: 'content', scope: 'request', retryable: false },
  unknown: { kind: 'unknown', scope: 'request', retryable: false },
} as const satisfies Record<string, Verdict>;
