import {
  type Account,
  type AccountState,
  type Candidate,
  changeState,
  type Limiter,
  type StateReason,
} from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { errorFields, type Log } from '../platform/log.ts';
import type { Store } from '../platform/store/store.ts';
import type { Failure } from '../providers/index.ts';
import type { CredentialRack } from './credential-rack.ts';
import { type HeldBack, pauseFor } from './pause-for.ts';

export interface KeeperDeps {
  store: Store;
  clock: Clock;
  log: Log;
  limiter: Limiter;
  rack: CredentialRack;
}

export interface UsedSeat {
  account: Account;
  candidate: Candidate;
  credentialId: string;
}

/** Holds accounts back when their vendor refuses, and takes them back when it answers again. */
export interface AccountKeeper {
  /** Pauses what the failure concerns; `null` where it says nothing about the account, or another key is left. */
  holdBack(seat: UsedSeat, failure: Failure): Promise<HeldBack | null>;
  /** Makes a pause outlast this process. */
  record(account: Account, held: HeldBack): Promise<void>;
  /** The account answered: guesses about it are over. */
  takeBack(account: Account): Promise<void>;
}

export function createAccountKeeper(deps: KeeperDeps): AccountKeeper {
  const { limiter, clock, log, rack } = deps;
  // How often in a row an account was refused: a guessed pause grows with it.
  const refusals = new Map<string, number>();
  const states = new Map<string, AccountState>();

  async function write(
    accountId: string,
    change: { state: AccountState; reason: StateReason | null; until: number | null },
  ): Promise<void> {
    states.set(accountId, change.state);
    try {
      await changeState(deps.store, { accountId, ...change });
    } catch (error) {
      // The limiter holds the account back in any case; only its lasting record is missing.
      log.warn('account.state_not_written', { account: accountId, ...errorFields(error) });
    }
  }

  return {
    async holdBack({ account, candidate, credentialId }, failure) {
      if (failure.kind === 'credential' && failure.scope === 'credential') {
        rack.putAside(account, credentialId);
        if (rack.hasOther(account)) return null;
      }
      const times = (refusals.get(account.id) ?? 0) + 1;
      const held = pauseFor(failure, { candidate, times, now: clock.now() });
      if (!held) return null;
      refusals.set(account.id, times);
      await limiter.pause(held.pause);
      return held;
    },
    async record(account, { pause, state, message }) {
      const now = clock.now();
      log.warn('account.held_back', {
        account: account.id,
        provider: account.provider,
        state,
        kind: pause.reason,
        dimension: pause.dimension ?? null,
        wait_ms: pause.until === null ? null : pause.until - now,
      });
      const { reason: kind, provenance, until } = pause;
      await write(account.id, { state, until, reason: { kind, message, provenance, since: now } });
    },
    async takeBack(account) {
      refusals.delete(account.id);
      const state = states.get(account.id) ?? account.state;
      if (state === 'active' || state === 'draining' || state === 'disabled') return;
      log.info('account.took_back', { account: account.id, provider: account.provider });
      await write(account.id, { state: 'active', reason: null, until: null });
    },
  };
}
