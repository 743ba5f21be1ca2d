/** How much of one limit was used. Amounts are requests or tokens; times are epoch ms. */
export interface Meter {
  readonly limit: number;
  /** What can be taken now; below 0 where settlements came in late. */
  room(now: number): number;
  take(now: number, amount: number): void;
  /** Milliseconds until `amount` fits if nothing else is taken; `Infinity` where it never does. */
  waitFor(now: number, amount: number): number;
  /** Milliseconds until nothing counts any more. */
  fullAfter(now: number): number;
}

export type WindowKind = 'bucket' | 'sliding' | 'fixed';

/** Capacity `limit`, refilled continuously at `limit` per period (Anthropic's documented kind). */
export function createBucket(limit: number, periodMs: number): Meter {
  let level = limit;
  let seen = Number.NEGATIVE_INFINITY;
  const refill = (now: number) => {
    if (now > seen) {
      level = Math.min(limit, level + (Math.min(now - seen, periodMs) * limit) / periodMs);
      seen = now;
    }
    return level;
  };
  return {
    limit,
    room: (now) => Math.floor(refill(now) + 1e-6),
    take(now, amount) {
      refill(now);
      level -= amount;
    },
    waitFor(now, amount) {
      if (amount > limit) return Number.POSITIVE_INFINITY;
      return Math.max(0, ((amount - refill(now)) * periodMs) / limit);
    },
    fullAfter: (now) => ((limit - refill(now)) * periodMs) / limit,
  };
}

/** What was taken in the last `periodMs` counts. */
export function createSlidingWindow(limit: number, periodMs: number): Meter {
  const takings: { at: number; amount: number }[] = [];
  let used = 0;
  const expire = (now: number) => {
    while (takings[0] && takings[0].at <= now - periodMs) used -= takings.shift()?.amount ?? 0;
    return used;
  };
  return {
    limit,
    room: (now) => limit - expire(now),
    take(now, amount) {
      expire(now);
      takings.push({ at: now, amount });
      used += amount;
    },
    waitFor(now, amount) {
      if (amount > limit) return Number.POSITIVE_INFINITY;
      let over = expire(now) + amount - limit;
      for (const taking of takings) {
        if (over <= 0) break;
        over -= taking.amount;
        if (over <= 0) return taking.at + periodMs - now;
      }
      return 0;
    },
    fullAfter(now) {
      expire(now);
      const last = takings.at(-1);
      return last ? last.at + periodMs - now : 0;
    },
  };
}

/** Starts anew at every `startOf` border: a calendar minute, or a vendor's day. */
export function createFixedWindow(limit: number, endOf: (now: number) => number): Meter {
  let used = 0;
  let end = Number.NEGATIVE_INFINITY;
  const turn = (now: number) => {
    if (now >= end) {
      used = 0;
      end = endOf(now);
    }
    return used;
  };
  return {
    limit,
    room: (now) => limit - turn(now),
    take(now, amount) {
      turn(now);
      used += amount;
    },
    waitFor(now, amount) {
      if (amount > limit) return Number.POSITIVE_INFINITY;
      return turn(now) + amount <= limit ? 0 : end - now;
    },
    fullAfter: (now) => (turn(now) > 0 ? end - now : 0),
  };
}

/** The next midnight in Los Angeles, where Gemini's day begins. */
export function endOfPacificDay(now: number): number {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'America/Los_Angeles',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(now);
  const [hour = 0, minute = 0, second = 0] = clock.split(':').map(Number);
  return now - (now % 1000) + (86_400 - ((hour % 24) * 3600 + minute * 60 + second)) * 1000;
}
