import type { Lane } from '../../platform/lanes.ts';
import type { Ask, Candidate, Limiter } from '../limiter.ts';
import type { Waiter } from './waiter.ts';

/** Keeps what frees up at one account for a call that is too large to find its room by chance. */
export interface Hold {
  /** The hold is one for the whole line: the first in order that needs it gets it for this round. */
  begin(): void;
  /** Whether the hold would be this waiter's, were it refused. */
  wants(waiter: Waiter): boolean;
  /** Gives the hold to this waiter, which was just refused, where it may have it. */
  offer(waiter: Waiter, ask: Ask): void;
  /**
   * The account is left out for everyone but the holder and those who may use what the holder leaves free;
   * `null` where no other account is left.
   */
  restrict(ask: Ask): Ask | null;
}

/** From this refusal on, here or through hand-backs, capacity is held. */
const holdFrom = 3;
/** As long as a call may look for its room without a hold, ms; an urgent one shall not look on. */
const looksForMs: Record<Lane, number> = { priority: 0, standard: 1000, batch: 1000 };

export function createHold({ limiter, now }: { limiter: Limiter; now: () => number }): Hold {
  let holder: Waiter | null = null;
  let heldAccount: string | null = null;
  let heldLeave = 0;
  let roundHolds = false;
  // The limiter remembers what it found out about an array, so it is made once.
  let others = new WeakMap<readonly Candidate[], readonly Candidate[]>();

  function wants({ asked, refusedAt }: Waiter): boolean {
    if (asked.refusals >= holdFrom) return true;
    return refusedAt !== null && now() - refusedAt >= looksForMs[asked.lane];
  }

  function chooseAccount(waiter: Waiter, ask: Ask): void {
    if (holder === waiter && heldAccount !== null) return;
    holder = waiter;
    const account = findSoonest(limiter, ask);
    if (account !== heldAccount) others = new WeakMap();
    heldAccount = account;
  }

  return {
    wants: (waiter) => !roundHolds && wants(waiter),
    begin() {
      roundHolds = false;
      if (holder?.done) holder = null;
    },
    offer(waiter, ask) {
      if (roundHolds || !wants(waiter)) return;
      roundHolds = true;
      heldLeave = ask.leave ?? 0;
      chooseAccount(waiter, ask);
    },
    restrict(ask) {
      if (!roundHolds || (ask.leave ?? 0) < heldLeave) return ask;
      const { candidates } = ask;
      const left =
        others.get(candidates) ?? candidates.filter(({ accountId }) => accountId !== heldAccount);
      others.set(candidates, left);
      return left.length === 0 ? null : { ...ask, candidates: left };
    },
  };
}

/** The account that could take the call first, if nothing else were sent there. */
function findSoonest(limiter: Limiter, ask: Ask): string | null {
  let first: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of ask.candidates) {
    const { waitMs } = limiter.peek({ ...ask, candidates: [candidate] });
    if (waitMs === null || waitMs >= least) continue;
    least = waitMs;
    first = candidate.accountId;
  }
  return first;
}
