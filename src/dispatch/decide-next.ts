import type { Failure } from '../providers/index.ts';

/**
 * - `stop`: no account and no model will take this request.
 * - `elsewhere`: this account is held back; the pool may have another, or this one after its pause.
 * - `exclude`: it does not fit at this account at all.
 * - `deny`: this account may not use this model.
 * - `again`: the same pool after a moment.
 * - `next_model`: this model is given up.
 */
export type Next = 'stop' | 'elsewhere' | 'exclude' | 'deny' | 'again' | 'next_model';

export interface Tries {
  /** Trouble of the provider, this time included. */
  transient: number;
  /** Accounts that refused, this time included. */
  refused: number;
}

const mostTransient = 3;
/** A reply of no documented shape is repeated once. */
const mostUnknown = 2;
/** When more accounts than this refuse one after the other, it is the call that is refused. */
const mostRefused = 12;

/** What a failure decides about the next try. Reads only the kinds, never messages. */
export function decideNext(failure: Failure, tries: Tries): Next {
  switch (failure.kind) {
    case 'caller':
    case 'content':
      return 'stop';
    case 'transient':
      return tries.transient < mostTransient ? 'again' : 'next_model';
    case 'unknown':
      return tries.transient < mostUnknown ? 'again' : 'next_model';
    case 'model_access':
      return tries.refused < mostRefused ? 'deny' : 'next_model';
    case 'rate_limited':
      if (tries.refused >= mostRefused) return 'next_model';
      return failure.scope === 'request' ? 'exclude' : 'elsewhere';
    case 'quota_exhausted':
    case 'credential':
      return tries.refused < mostRefused ? 'elsewhere' : 'next_model';
  }
}
