import {
  createBucket,
  createFixedWindow,
  createSlidingWindow,
  type Meter,
  type WindowKind,
} from '../../simulator/index.ts';
import { createRandom } from '../../src/platform/random.ts';
import type { DrawnAccount } from './draw-calls.ts';
import { type Call, measuredMs, type Reply, type Scenario, warmUpMs } from './scenario.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** One account as its vendor keeps it; nothing of it is visible but its replies. */
export interface Vendor {
  send(call: Call): Promise<Reply>;
  readonly facts: VendorFacts;
}

export interface VendorFacts {
  window: WindowKind;
  /** Tokens of answered calls that arrived in the measured part. */
  served: number;
  sent: number;
  refused: number;
  /** Largest share of the limit that our calls took in any 60 seconds, after the warm-up too. */
  overshoot: number;
}

const kinds: readonly WindowKind[] = ['fixed', 'sliding', 'bucket'];
const minute = 60_000;
const tokensPerSecond = 150;
const stormMs = 20_000;

export function createVendor(
  clock: SimulatedClock,
  scenario: Scenario,
  { account, start }: { account: DrawnAccount; start: number },
): Vendor {
  const random = createRandom(`${scenario.seed}/vendor/${account.id}`);
  const window = kinds[random.integer(kinds.length)] ?? 'sliding';
  const facts: VendorFacts = { window, served: 0, sent: 0, refused: 0, overshoot: 0 };
  // The vendor's clock differs from ours, and every call's way to it takes another time.
  const offset = random.integer(minute);
  const base = 20 + random.integer(80);
  const uplink = () => base + Math.min(250, -Math.log(1 - random.next()) * 25);
  const now = () => clock.now() + offset;
  const middle = start + warmUpMs + measuredMs / 2;
  const halved = scenario.trouble === 'halved';
  const limits = [account.tpm, halved ? Math.floor(account.tpm / 2) : account.tpm];
  const current = () => (clock.now() >= middle ? 1 : 0);
  // Both limits count from the start, so that the halved one does not begin empty.
  const tokens = limits.map((limit) => createMeter(facts.window, limit));
  const requests = createMeter(facts.window, account.rpm);
  const peak = createPeak(() => limits[current()] ?? account.tpm);
  const take = (amount: number) => {
    for (const meter of tokens) meter.take(now(), amount);
  };
  if (scenario.trouble === 'foreign') {
    useElsewhere(clock, account, (amount) => {
      if ((tokens[current()]?.room(now()) ?? 0) >= amount) take(amount);
    });
  }

  function count(amount: number): void {
    peak.add(clock.now(), amount);
    // Right after a limit was halved, what the old one allowed is still in the window.
    const judged = !halved || clock.now() < middle || clock.now() > middle + 2 * minute;
    if (judged) facts.overshoot = Math.max(facts.overshoot, peak.read());
  }

  const inStorm = () =>
    scenario.trouble === 'storm' && Math.abs(clock.now() - middle) < stormMs / 2;

  async function finish(call: Call, seen: Reply): Promise<Reply> {
    if (isMeasured(start, clock.now())) facts.served += call.input + call.output;
    await pass(clock, 200 + random.next() * 400);
    const heard = { ...seen, firstByteMs: clock.now() - seen.sentAt + base };
    await pass(clock, (call.output / tokensPerSecond) * 1000);
    if (scenario.cost === 'predicted') {
      take(call.output);
      count(call.output);
    }
    await pass(clock, base);
    return heard;
  }

  async function send(call: Call): Promise<Reply> {
    const sentAt = clock.now();
    const wayThere = uplink();
    await pass(clock, wayThere);
    facts.sent += 1;
    const meter = tokens[current()] ?? requests;
    const first = scenario.cost === 'known' ? call.input + call.output : call.input;
    const answer = (status: Reply['status'], retryAfterMs: number | null): Reply => ({
      status,
      retryAfterMs,
      firstByteMs: clock.now() - sentAt,
      limit: limits[current()] ?? account.tpm,
      remaining: Math.max(0, meter.room(now())),
      sentAt,
    });
    if (inStorm() && random.next() < 0.7) return answer(529, null);
    const wait = Math.max(meter.waitFor(now(), first), requests.waitFor(now(), 1));
    count(first);
    if (meter.room(now()) < first || requests.room(now()) < 1) {
      facts.refused += 1;
      return answer(429, Math.max(1, Math.ceil(wait)));
    }
    take(first);
    requests.take(now(), 1);
    return await finish(call, answer(200, null));
  }
  return { send, facts };
}

/** Somebody else takes three tenths of the limit, in calls of a few thousand tokens. */
function useElsewhere(
  clock: SimulatedClock,
  account: DrawnAccount,
  use: (amount: number) => void,
): void {
  const amount = Math.min(3000, account.tpm / 40);
  clock.setTimer((amount / (0.3 * account.tpm)) * minute, () => {
    use(amount);
    useElsewhere(clock, account, use);
  });
}

export function isMeasured(start: number, at: number): boolean {
  return at >= start + warmUpMs && at < start + warmUpMs + measuredMs;
}

function pass(clock: SimulatedClock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.setTimer(ms, resolve));
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

/** The fullest 60 seconds so far, measured by a window of its own whatever the vendor enforces. */
function createPeak(limit: () => number) {
  const spent: { at: number; amount: number }[] = [];
  let first = 0;
  let sum = 0;
  return {
    add(at: number, amount: number): void {
      spent.push({ at, amount });
      sum += amount;
      for (let old = spent[first]; old && old.at <= at - minute; old = spent[first]) {
        sum -= old.amount;
        first += 1;
      }
    },
    read: () => sum / limit(),
  };
}
