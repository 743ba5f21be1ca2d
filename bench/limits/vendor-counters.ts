import {
  createBucket,
  createFixedWindow,
  createSlidingWindow,
  type Meter,
  type WindowKind,
} from '../../simulator/index.ts';
import type { Random } from '../../src/platform/random.ts';
import type { DrawnAccount } from './draw-calls.ts';
import type { Scenario } from './scenario.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** How a vendor counts, which it tells nobody. */
export interface Habits {
  window: WindowKind;
  /** Its clock against ours, ms. */
  offsetMs: number;
  /** A refused request counts as one all the same. */
  refusedCount: boolean;
  /** Output counts while it is produced, or when the answer is complete. */
  countsWhileProducing: boolean;
}

const kinds: readonly WindowKind[] = ['fixed', 'sliding', 'bucket'];
const minute = 60_000;

export function drawHabits(random: Random): Habits {
  return {
    window: kinds[random.integer(kinds.length)] ?? 'sliding',
    offsetMs: random.integer(minute),
    refusedCount: random.next() < 0.5,
    countsWhileProducing: random.next() < 0.5,
  };
}

export interface Counters {
  /** Takes a request and its tokens, or answers in how many ms (1 or more) they would fit. */
  enter(tokens: number): number;
  /** Output is taken whether or not there is room: the answer is already on its way. */
  takeOutput(tokens: number): void;
  /** Another user of the account, who is served like us. */
  takeElsewhere(tokens: number): void;
  limit(): number;
  headers(): { limit: number; remaining: number; requestLimit: number };
}

/** The account's limits as the vendor's meters hold them; `middle`: when they are halved. */
export function createCounters(
  clock: SimulatedClock,
  scenario: Scenario,
  { account, habits, middle }: { account: DrawnAccount; habits: Habits; middle: number },
): Counters {
  const now = () => clock.now() + habits.offsetMs;
  const halved = scenario.trouble === 'halved';
  const limits = [account.tpm, halved ? Math.floor(account.tpm / 2) : account.tpm];
  // Both windows count from the start, so that the halved one does not begin empty.
  const tokens = limits.map((limit) => createMeter(habits.window, limit));
  const requests = createMeter(habits.window, account.rpm);
  const second = createSlidingWindow(account.tpm / 60, 1000);
  const which = () => (clock.now() >= middle ? 1 : 0);
  if (halved && habits.window === 'bucket') {
    clock.setTimer(middle - clock.now(), () => {
      tokens[1] = shrinkBucket(tokens[0]?.room(now()) ?? 0, limits[1] ?? 1, now());
    });
  }
  const limit = () => limits[which()] ?? account.tpm;
  const meter = () => tokens[which()] ?? requests;
  const take = (amount: number) => {
    for (const each of tokens) each.take(now(), amount);
    second.take(now(), amount);
  };

  function waitFor(amount: number): number {
    const at = now();
    const full = meter().room(at) < amount || requests.room(at) < 1;
    const wait = Math.max(meter().waitFor(at, amount), requests.waitFor(at, 1));
    if (full) return Math.max(1, Math.ceil(wait));
    // A call larger than a second's share goes when nothing else went in that second.
    const alone = second.room(at) >= second.limit;
    if (!scenario.seconds || alone || second.room(at) >= amount) return 0;
    return Math.max(1, Math.ceil(second.waitFor(at, Math.min(amount, second.limit))));
  }

  return {
    enter(amount) {
      const waitMs = waitFor(amount);
      if (waitMs === 0) take(amount);
      if (waitMs === 0 || habits.refusedCount) requests.take(now(), 1);
      return waitMs;
    },
    takeOutput: take,
    takeElsewhere(amount) {
      if (meter().room(now()) >= amount) take(amount);
    },
    limit,
    headers: () => ({
      limit: limit(),
      remaining: Math.max(0, Math.floor(meter().room(now()))),
      requestLimit: account.rpm,
    }),
  };
}

/** A bucket that was drained at twice its refill from the start would be in debt for minutes. */
function shrinkBucket(level: number, limit: number, now: number): Meter {
  const bucket = createBucket(limit, minute);
  bucket.take(now, limit - Math.min(level, limit));
  return bucket;
}

function createMeter(kind: WindowKind, limit: number): Meter {
  switch (kind) {
    case 'bucket':
      return createBucket(limit, minute);
    case 'sliding':
      return createSlidingWindow(limit, minute);
    case 'fixed':
      return createFixedWindow(limit, (at) => (Math.floor(at / minute) + 1) * minute);
  }
}
