import { createRandom, type Random } from '../../src/platform/random.ts';
import type { DrawnAccount } from './draw-calls.ts';
import { createPeak } from './peak.ts';
import type { Call, Reply, Scenario } from './scenario.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { createCounters, drawHabits, type Habits } from './vendor-counters.ts';

/** One account as its vendor keeps it; nothing of it is visible but its replies. */
export interface Vendor {
  send(call: Call): Promise<Reply>;
  readonly facts: VendorFacts;
}

export interface VendorFacts {
  habits: Habits;
  /** Tokens of answered calls that arrived in the measured part. */
  served: number;
  /** Calls of ours that reached the vendor, and those it refused with 429. */
  sent: number;
  refused: number;
  /** Largest share of the limit that was asked for in any 60 seconds. */
  overshoot: number;
  /** The same for one second, where the vendor enforces seconds: one call alone may be larger. */
  secondOvershoot: number;
}

const minute = 60_000;
const tokensPerSecond = 150;
const stormMs = 20_000;
/** Of what is sent during a storm so much is answered 529. */
const stormShare = 0.7;

export interface VendorPlace {
  account: DrawnAccount;
  start: number;
}

export function createVendor(
  clock: SimulatedClock,
  scenario: Scenario,
  { account, start }: VendorPlace,
): Vendor {
  const random = createRandom(`${scenario.seed}/vendor/${account.id}`);
  const habits = drawHabits(random);
  const middle = start + scenario.warmUpMs + scenario.measuredMs / 2;
  const counters = createCounters(clock, scenario, { account, habits, middle });
  const road = drawRoad(random);
  const minutePeak = createPeak(minute, () => counters.limit());
  const secondPeak = createPeak(1000, () => counters.limit() / 60);
  const facts: VendorFacts = {
    habits,
    served: 0,
    sent: 0,
    refused: 0,
    overshoot: 0,
    secondOvershoot: 0,
  };
  if (scenario.trouble === 'foreign') useElsewhere(clock, account, counters.takeElsewhere);

  function count(tokens: number): void {
    const now = clock.now();
    minutePeak.add(now, tokens);
    secondPeak.add(now, tokens);
    // Right after a limit was halved, what the old one allowed is still in the window.
    const justHalved = scenario.trouble === 'halved' && now >= middle && now <= middle + 2 * minute;
    if (!justHalved) facts.overshoot = Math.max(facts.overshoot, minutePeak.share());
    if (scenario.seconds && secondPeak.entries() > 1) {
      facts.secondOvershoot = Math.max(facts.secondOvershoot, secondPeak.share());
    }
  }

  async function produce(call: Call): Promise<void> {
    const wholeMs = (call.output / tokensPerSecond) * 1000;
    if (scenario.cost === 'known') return pass(clock, wholeMs);
    const pieces = habits.countsWhileProducing ? Math.ceil(wholeMs / 1000) : 1;
    for (let piece = 0; piece < pieces; piece += 1) {
      await pass(clock, wholeMs / pieces);
      counters.takeOutput(call.output / pieces);
      count(call.output / pieces);
    }
  }

  async function send(call: Call): Promise<Reply> {
    const sentAt = clock.now();
    await pass(clock, road.thereMs());
    facts.sent += 1;
    const atArrival = scenario.cost === 'known' ? call.input + call.output : call.input;
    const reply = (status: Reply['status'], retryAfterMs: number | null): Reply => ({
      status,
      retryAfterMs,
      ...counters.headers(),
      sentAt,
      firstByteMs: clock.now() - sentAt + road.backMs,
      input: status === 200 ? call.input : 0,
      output: status === 200 ? call.output : 0,
    });
    const inStorm = scenario.trouble === 'storm' && Math.abs(clock.now() - middle) < stormMs / 2;
    if (inStorm && random.next() < stormShare) return reply(529, null);
    count(atArrival);
    const waitMs = counters.enter(atArrival);
    if (waitMs > 0) {
      facts.refused += 1;
      return reply(429, waitMs);
    }
    if (isMeasured(scenario, start, clock.now())) facts.served += call.input + call.output;
    await pass(clock, 200 + random.next() * 400);
    const answered = reply(200, null);
    await produce(call);
    await pass(clock, road.backMs);
    return answered;
  }
  return { send, facts };
}

/** Every account's vendor is so far away, and every call takes another time to it. */
function drawRoad(random: Random) {
  const backMs = 20 + random.integer(80);
  return {
    backMs,
    thereMs: () => backMs + Math.min(250, -Math.log(1 - random.next()) * 25),
  };
}

/** Somebody else takes three tenths of the limit, in calls of a few thousand tokens. */
function useElsewhere(
  clock: SimulatedClock,
  account: DrawnAccount,
  use: (tokens: number) => void,
): void {
  const tokens = Math.min(3000, account.tpm / 40);
  clock.setTimer((tokens / (0.3 * account.tpm)) * minute, () => {
    use(tokens);
    useElsewhere(clock, account, use);
  });
}

export function isMeasured(scenario: Scenario, start: number, at: number): boolean {
  const from = start + scenario.warmUpMs;
  return at >= from && at < from + scenario.measuredMs;
}

function pass(clock: SimulatedClock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.setTimer(ms, resolve));
}
