import type { ErrorCode } from '../platform/errors/catalogue.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { Failure } from '../providers/index.ts';

/** A call that failed at a provider, with what was already heard of its answer. */
export class CallError extends HeadraceError {
  readonly failure: Failure;
  /** The text that had been passed on when it broke; empty where nothing had. */
  readonly partialText: string;
  readonly attempts: number;
  /** No connection could be made, and none ever was: nothing of the call left this machine. */
  readonly unreached: boolean;

  constructor(
    failure: Failure,
    facts: {
      where: string;
      attempts: number;
      partialText: string;
      timedOut: boolean;
      unreached?: boolean;
    },
  ) {
    super(codeOf(failure, facts.timedOut), {
      message: `${facts.where}: ${failure.message}`,
      where: facts.where,
      ...(failure.retryAfterMs === null ? {} : { retryAfterMs: failure.retryAfterMs }),
    });
    this.failure = failure;
    this.partialText = facts.partialText;
    this.attempts = facts.attempts;
    this.unreached = facts.unreached === true;
  }
}

function codeOf(failure: Failure, timedOut: boolean): ErrorCode {
  // The caller's own deadline says nothing about the provider, and another model has no more time.
  if (failure.code === 'timeout_deadline') return 'deadline_passed';
  if (timedOut) return 'upstream_timeout';
  switch (failure.kind) {
    case 'caller':
      return failure.code === 'address_forbidden' ? 'address_forbidden' : 'upstream_rejected';
    case 'content':
      return 'upstream_rejected';
    case 'credential':
    case 'quota_exhausted':
      return 'upstream_credentials_exhausted';
    case 'model_access':
      return 'model_unknown';
    case 'rate_limited':
      return failure.retryable ? 'no_capacity' : 'never_fits';
    case 'transient':
    case 'unknown':
      return 'upstream_failed';
  }
}
