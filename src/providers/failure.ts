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
  /** The provider's own wait in milliseconds; `null` where it stated none. */
  retryAfterMs: number | null;
  /** The limit that was hit, where it is known. */
  dimension: LimitDimension | null;
  /** Epoch ms when a quota comes back; `null`: not known, or not before a person acts. */
  until: number | null;
  /** Whether the provider said so, or the status alone was read. */
  provenance: 'stated' | 'guessed';
  /** The provider's own code, or `http_<status>`. */
  code: string;
  /** At most 300 characters, without secrets. */
  message: string;
}
