import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Refusal } from '../limiter.ts';

/** Waiting does not help: it cannot be admitted in time, or only a person's help makes it likely. */
export function isHopeless(
  refusal: Extract<Refusal, { kind: 'wait' }>,
  patienceMs: number,
): boolean {
  return refusal.waitMs > patienceMs || (needsHelp(refusal) && refusal.waitMs > helplessMs);
}

/** A key was refused or a quota is used up at every account: the pause is a probe's, not a window's. */
function needsHelp({ pausedFor }: Extract<Refusal, { kind: 'wait' }>): boolean {
  return pausedFor !== null && helpless.includes(pausedFor);
}

const helpless: readonly string[] = ['credential', 'quota_exhausted', 'billing'];

const helplessMs = 5000;

export function refusalError(refusal: Refusal): HeadraceError {
  switch (refusal.kind) {
    case 'never_fits':
      return new HeadraceError('never_fits', {
        message: `The call is larger than the largest ${refusal.dimension} limit, ${refusal.limit}.`,
      });
    case 'unusable':
      return new HeadraceError('upstream_credentials_exhausted');
    case 'wait': {
      const code = needsHelp(refusal) ? 'upstream_credentials_exhausted' : 'no_capacity';
      return new HeadraceError(code, { retryAfterMs: Math.max(1, Math.ceil(refusal.waitMs)) });
    }
  }
}
