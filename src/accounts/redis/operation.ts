import { limitDimensions } from '../../platform/config/config.ts';
import type { Ask, Cost, LimitedAccount, Observation, Pause, Settlement } from '../limiter.ts';
import { classKey } from '../model-class.ts';

/**
 * What one call of the script does, in order; the fields are those that lua/operations.lua reads. Times
 * travel as distances from now (`age`, `ttl`, `left`, ms): the clocks of processes differ.
 */
export type Operation =
  | {
      op: 'reserve';
      id: string;
      cost: readonly number[];
      ttl: number;
      /** Share of every limit that is left free. */
      leave?: number | undefined;
      choice?: Ask['choice'];
      /** Named by an operation `pool` before; a server that does not know it says so. */
      pool: string;
      weights?: readonly number[] | undefined;
    }
  | {
      op: 'pool';
      name: string;
      /** Account and class, by turns. */
      seats: readonly string[];
      /** Places of the candidates in the order of their ids; omitted where they stand so already. */
      ranks?: readonly number[] | undefined;
    }
  | ({ op: 'adopt'; id: string; cost: readonly number[]; age: number; ttl: number } & SeatName)
  | { op: 'sent'; id: string; age: number }
  | {
      op: 'settle';
      id: string;
      outcome: Settlement['outcome'];
      /** -1: as reserved. */
      actual?: readonly number[] | undefined;
      succeeded: boolean;
      refused?: { dim: number; limit: number } | undefined;
      first_byte: number;
      age: number;
    }
  | ({ op: 'correct'; age: number; seen_age: number; seen: readonly Seen[] } & SeatName)
  | ({ op: 'pause'; dim: number; left: number; stated: boolean; reason: string } & SeatName)
  | ({ op: 'clear' } & SeatName)
  | { op: 'configure'; accounts: readonly AccountSpec[] }
  | {
      op: 'unaccounted';
      accounts: readonly string[];
      days: readonly [string, string, number][];
      pause: number;
    }
  | { op: 'beat'; id: string; ttl: number; accounts: readonly string[] }
  | { op: 'leave'; id: string };

export interface SeatName {
  account: string;
  /** '' where the whole account is meant. */
  class: string;
}

/** Dimension (from 1), limit or -1, remaining, whether the vendor said what remains. */
type Seen = [number, number, number, boolean];

interface AccountSpec {
  id: string;
  usable: boolean;
  per: boolean;
  /** '' counts any 24 hours. */
  zone: string;
  ramp?: { above: number; rate: number };
  rules: [string, number[]][];
  weight: number;
  price: number;
  anew?: boolean;
  guard?: number;
}

/** Lua counts from 1; 0 is no dimension. */
function dimensionIndex(dimension: Pause['dimension']): number {
  return dimension === undefined ? 0 : limitDimensions.indexOf(dimension) + 1;
}

export function costOf(cost: Cost): number[] {
  return limitDimensions.map((dimension) => Math.ceil(Math.max(0, cost[dimension] ?? 0)));
}

export function settleOperation(id: string, settlement: Settlement): Operation {
  const { outcome, actual, succeeded, firstByteMs, refused } = settlement;
  return {
    op: 'settle',
    id,
    outcome,
    actual: actual && limitDimensions.map((dimension) => amountOr(actual[dimension], -1)),
    succeeded: succeeded ?? false,
    refused: refused && {
      dim: dimensionIndex(refused.dimension ?? undefined),
      limit: refused.limit ?? -1,
    },
    first_byte: firstByteMs ?? -1,
    age: 0,
  };
}

function amountOr(amount: number | undefined, otherwise: number): number {
  return amount === undefined ? otherwise : Math.max(0, Math.ceil(amount));
}

export function correctOperation(observation: Observation, now: number): Operation {
  return {
    op: 'correct',
    account: observation.accountId,
    class: observation.modelClass,
    age: now - observation.sentAt,
    seen_age: now - observation.seenAt,
    seen: observation.seen.map(({ dimension, limit, remaining }) => [
      dimensionIndex(dimension),
      limit ?? -1,
      remaining ?? -1,
      remaining !== null,
    ]),
  };
}

export function pauseOperation(pause: Pause, now: number): Operation {
  return {
    op: 'pause',
    account: pause.accountId,
    class: pause.modelClass ?? '',
    dim: dimensionIndex(pause.dimension),
    // -1 is no end, so an end that has passed is now.
    left: pause.until === null ? -1 : Math.max(0, pause.until - now),
    stated: pause.provenance === 'stated',
    reason: pause.reason,
  };
}

function rampOf({ ramp }: LimitedAccount['policy']): Pick<AccountSpec, 'ramp'> {
  return ramp ? { ramp: { above: ramp.above, rate: Math.log(ramp.growth) / ramp.perMs } } : {};
}

export function describeAccount(
  account: LimitedAccount,
  options: { anew: boolean; guardMs: number | undefined },
): AccountSpec {
  return {
    id: account.id,
    usable: account.usable,
    per: account.policy.perSecondShares,
    zone: account.policy.dayZone ?? '',
    weight: account.weight ?? 1,
    price: account.price ?? 1,
    rules: account.rules.map((rule) => [
      classKey(rule),
      limitDimensions.map((dimension) => rule[dimension] ?? (rule[dimension] === null ? -1 : -2)),
    ]),
    ...rampOf(account.policy),
    ...(options.anew ? { anew: true } : {}),
    ...(options.guardMs === undefined ? {} : { guard: options.guardMs }),
  };
}
