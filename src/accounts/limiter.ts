import type { ChoicePolicy, LimitDimension, LimitRule } from '../platform/config/config.ts';
import type { PoolGate } from './pool-gate.ts';

/**
 * Decides which account may take a call, and when. A bucket is (account, model class, dimension),
 * never a key. In process it needs the store's instance lock; Redis shares it between processes.
 */
export interface Limiter {
  readonly flags: {
    /** `peek` and `gauges` are exact; otherwise they show this process's latest picture. */
    exactView: boolean;
  };
  /** Replaces the accounts; one that stays keeps its windows, pauses and learned limits. */
  configure(accounts: readonly LimitedAccount[]): Promise<void>;
  /** One atomic step: chooses among the candidates and takes the cost in every dimension, or takes nothing. */
  reserve(ask: Ask): Promise<ReserveOutcome>;
  /** The call goes out now: what it took counts from this moment, for recording it may have taken a while. */
  sent(reservationId: string): Promise<void>;
  /** Accepted once per reservation, later ones are ignored: replaces what was reserved by what was used. */
  settle(reservationId: string, settlement: Settlement): Promise<void>;
  /** What a vendor's answer said about its limits: limits at once, remaining only downwards. */
  correct(observation: Observation): Promise<void>;
  /** Holds back an account or a part of it; of two pauses of one scope the later end stays. */
  pause(pause: Pause): Promise<void>;
  /**
   * Ends pauses before their time and forgets the limits that refusals let us infer: all of the account,
   * or those of one model class.
   */
  clear(accountId: string, modelClass?: string): Promise<void>;
  /** The same judgement as `reserve` without taking anything. Synchronous: the balancer asks often. */
  peek(ask: Ask): Peek;
  /** What `peek` saw of every candidate, in their order, and whom `reserve` would choose. */
  explain(ask: Ask): SeatView[];
  /** Every bucket that was used, and what holds it back. */
  gauges(accountId?: string): Gauge[];
  /** Calls `hear` whenever room may have come earlier than the last `waitMs` said. Returns the way to stop. */
  watch(hear: () => void): () => void;
  close(): Promise<void>;
}

/** Amounts per dimension; whole numbers, an omitted or zero dimension takes nothing. */
export type Cost = { readonly [D in LimitDimension]?: number };

export interface LimitedAccount {
  id: string;
  rules: readonly LimitRule[];
  policy: LimitPolicy;
  /** `draining` and `disabled` accounts are never chosen. */
  usable: boolean;
  /**
   * Its part of the load, beside the others' times their limits, while all have room; above 0, and 1 for the
   * heaviest: what counts as near equal is measured at that one. Omitted is 1.
   */
  weight?: number;
  /** What a call costs here, beside the others: of near equals the cheapest is chosen; omitted is 1. */
  price?: number;
  /** Accounts that may stand in one pool have the same scope (their provider); omitted is one of its own. */
  scope?: string;
  /** Its vendor starts anew with this process (a simulated one): nothing of an earlier process counts. */
  startsAnew?: boolean;
}

/** How the account's vendor counts. */
export interface LimitPolicy {
  /** IANA zone at whose midnight `rpd` starts anew; `null`: any 24 hours. */
  dayZone: string | null;
  /** A sixtieth of rpm and tpm is enforced per second as well. */
  perSecondShares: boolean;
  /** Steepest growth of input tokens per minute that the vendor accepts; omitted: none is known. */
  ramp?: RampPolicy | null;
}

/** Up to `above` use may jump; from there it grows by the factor `growth` per `perMs` at most. */
export interface RampPolicy {
  above: number;
  growth: number;
  perMs: number;
}

export interface Candidate {
  accountId: string;
  /** Models of one class share a bucket; see `classOf`. */
  modelClass: string;
}

export interface Ask {
  /** Keep one array per pool: adapters remember what they found out about it. */
  candidates: readonly Candidate[];
  cost: Cost;
  /** Epoch ms; a reservation that nobody settled by then is settled as `unknown`. */
  expiresAt: number;
  /** Share of every limit, 0 to 1, that this call leaves free for others; one that would never fit so may use all. */
  leave?: number | undefined;
  /** Asked before any limit; see `createGatedLimiter`. */
  gate?: PoolGate | undefined;
  /**
   * Among accounts that have room; omitted is `most_headroom`. `fill_first`: the heaviest, then the cheapest,
   * then the first by id. `soonest_reset_first`: where use of the slowest limit leaves it first, those that are unused last.
   */
  choice?: ChoicePolicy | undefined;
  /** Calls of one affinity stay on one account while it has headroom. */
  affinity?: string | undefined;
}

export type ReserveOutcome =
  | { kind: 'granted'; reservationId: string; accountId: string; headroom: number }
  | Refusal;

export type Refusal =
  /** `exact`: it fits after `waitMs` unless others take it first. Not exact: it waits for calls to end. */
  | {
      kind: 'wait';
      waitMs: number;
      exact: boolean;
      blockedBy: LimitDimension | 'pause';
      /** `Pause.reason` of what is waited for. */
      pausedFor: string | null;
    }
  /** Larger than the whole limit of every candidate. */
  | { kind: 'never_fits'; dimension: LimitDimension; limit: number }
  /** No candidate may be used at all before a person acts. */
  | { kind: 'unusable' };

export interface Settlement {
  /**
   * `used`: `actual` replaces the reserved cost. `unknown`: the reservation stays until it leaves its
   * windows. `unsent`: nothing went out, everything is given back.
   */
  outcome: 'used' | 'unknown' | 'unsent';
  actual?: Cost;
  /** The vendor answered well: ends guessed pauses of this account and class. */
  succeeded?: boolean;
  /** Milliseconds from sending to the first byte: its jitter is the guard of the windows. */
  firstByteMs?: number;
  /** The vendor refused the call for a limit. */
  refused?: RefusedFor;
}

/** Teaches limits that nobody configured or that changed; see embedded/learned-limit.ts. */
export interface RefusedFor {
  /** `null`: the vendor did not say which; requests per minute stand for it. */
  dimension: LimitDimension | null;
  /** The limit's value, where the vendor stated it. */
  limit: number | null;
}

export interface Observation extends Candidate {
  /** Epoch ms at which the answered call was sent. */
  sentAt: number;
  /**
   * Epoch ms at which its headers came: what remains was true at some moment between. One that ended
   * before the last one began is ignored.
   */
  seenAt: number;
  seen: readonly {
    dimension: LimitDimension;
    limit: number | null;
    remaining: number | null;
  }[];
}

/** Scope: no `modelClass` is the whole account, no `dimension` every call. */
export interface Pause {
  accountId: string;
  modelClass?: string | undefined;
  dimension?: LimitDimension | undefined;
  /** Epoch ms; `null`: until it is cleared. */
  until: number | null;
  /** Stated by the vendor: honoured to the end. Guessed: the first success ends it. */
  provenance: 'stated' | 'guessed';
  /** A failure kind or an operator's word. */
  reason: string;
}

export interface Peek {
  /** Smallest share left at the best account, 0..1. */
  headroom: number;
  /** Calls of this cost that fit now; at most 1,000 per account are counted. */
  callsNow: number;
  /** 0 where one fits now; `null` where none ever will. */
  waitMs: number | null;
}

export interface SeatView extends Candidate {
  chosen: boolean;
  /** `unusable`: draining or disabled. `too_large`: larger than a whole limit. */
  verdict: 'fits' | 'waits' | 'too_large' | 'unusable';
  /** Smallest share of a limit that is left after the call, 0..1. */
  headroom: number;
  /** `null`: until calls end, or until a person acts. */
  waitMs: number | null;
  blockedBy: LimitDimension | 'pause' | null;
  /** `Pause.reason` of what holds it back. */
  pausedFor: string | null;
}

export interface Gauge extends Candidate {
  dimension: LimitDimension;
  /** `null`: no bound, or none known yet (`learning`). */
  limit: number | null;
  learning: boolean;
  /** What counts against the limit now, reservations included. */
  used: number;
  /** What of it answers showed to be somebody else's, in the last minute; 0 for the day. */
  foreign: number;
  pauses: readonly Pause[];
}
