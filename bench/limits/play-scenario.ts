import { createRandom } from '../../src/platform/random.ts';
import { bound, drawAccounts, drawCalls } from './draw-calls.ts';
import type { Call, CreateStrategy, Reply, Scenario } from './scenario.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';
import { type Answered, type Played, summarise } from './summarise.ts';
import { createVendor, isMeasured, type Vendor } from './vendor.ts';

/** Plays one scenario against freshly drawn vendors; the same seed gives every strategy the same world. */
export async function playScenario(scenario: Scenario, create: CreateStrategy): Promise<Played> {
  const startedAt = performance.now();
  const start = Date.UTC(2026, 0, 1);
  const clock = createSimulatedClock(start);
  const accounts = drawAccounts(scenario.accounts);
  const vendors = accounts.map((account) => createVendor(clock, scenario, { account, start }));
  const random = createRandom(`${scenario.seed}/strategy`);
  const tally = createTally(scenario, start);
  const strategy = await create(
    {
      now: clock.now,
      setTimer: clock.setTimer,
      accounts,
      random: random.next,
      send: (account, call) => tally.watch(call, clock.now(), send(vendors, account, call)),
    },
    scenario,
  );
  const rate = bound(accounts);
  feed(clock, drawCalls(scenario, rate, start), (call) => void strategy.call(call));
  await clock.runUntil(start + scenario.warmUpMs + scenario.measuredMs);
  strategy.close();
  return {
    ...summarise(scenario, vendors, {
      answered: tally.answered,
      rates: accounts.map((account) => bound([account])),
    }),
    ms: performance.now() - startedAt,
  };
}

function send(vendors: readonly Vendor[], account: number, call: Call): Promise<Reply> {
  const vendor = vendors[account];
  if (!vendor) throw new Error(`There is no account ${account}.`);
  return vendor.send(call);
}

/** Sets one timer at a time, so that the demand of minutes need not lie in memory. */
function feed(clock: SimulatedClock, calls: Iterator<Call>, start: (call: Call) => void): void {
  const next = calls.next();
  if (next.done) return;
  clock.setTimer(next.value.at - clock.now(), () => {
    start(next.value);
    feed(clock, calls, start);
  });
}

function createTally(scenario: Scenario, start: number) {
  const answered: Answered[] = [];
  return {
    answered,
    async watch(call: Call, sentAt: number, replying: Promise<Reply>): Promise<Reply> {
      const reply = await replying;
      if (reply.status === 200 && isMeasured(scenario, start, sentAt)) {
        answered.push({ call, waitMs: sentAt - call.at });
      }
      return reply;
    },
  };
}
