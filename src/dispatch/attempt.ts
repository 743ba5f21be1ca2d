import type { Account, Candidate, Grant } from '../accounts/index.ts';
import type { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Charge } from '../providers/index.ts';
import type { MeasuredCall } from './call-size.ts';
import type { CallOrder } from './dispatch.ts';
import type { ExchangeEnd } from './exchange-end.ts';
import type { Pool } from './model-directory.ts';

/** One try of one call at one account, which the limiter has granted. */
export interface Attempt {
  order: CallOrder;
  pool: Pool;
  /** Before anything learnt was applied. */
  measured: MeasuredCall;
  size: MeasuredCall;
  charge: Charge;
  grant: Grant;
  account: Account;
  candidate: Candidate;
  /** Of this call, from 1. */
  number: number;
  waitedMs: number;
}

export type AttemptResult =
  | { kind: 'held' }
  /** The key that was to be lent: nothing was written or sent. */
  | { kind: 'revoked'; credentialId: string; error: HeadraceError }
  | { kind: 'ended'; end: ExchangeEnd; attemptId: string; costNanoUsd: number | null };
