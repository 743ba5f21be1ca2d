import { createRandom } from '../../src/platform/random.ts';
import { bound, drawAccounts, drawCalls } from './draw-calls.ts';
import {
  type Call,
  type CreateStrategy,
  measuredMs,
  type Reply,
  type Scenario,
  warmUpMs,
} from './scenario.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';
import { createVendor, isMeasured, type Vendor } from './vendor.ts';

export interface Played {
  scenario: Scenario;
  /** Tokens served as a share of the linear programme's bound, or of the demand where that is less. */
  goodput: number;
  /** Share of what was sent that a vendor refused with 429. */
  refused: number;
  /** Largest share of a limit that was asked for in any 60 s, at the worst account. */
  overshoot: number;
  /** ms from asking to sending, of the calls that were answered. */
  waits: Record<'all' | Call['lane'], { p50: number; p99: number }>;
  /** Of tokens served over each tenant's fair share; 1 is perfectly fair. */
  jain: number;
  /** Tokens served by lane, as a share of all. */
  lanes: Record<Call['lane'], number>;
  calls: number;
  ms: number;
}

/** Plays one scenario against freshly drawn vendors; the same seed gives every strategy the same world. */
export async function playScenario(scenario: Scenario, create: CreateStrategy): Promise<Played> {
  const startedAt = performance.now();
  const start = Date.UTC(2026, 0, 1);
  const clock = createSimulatedClock(start);
  const accounts = drawAccounts(scenario.accounts);
  const vendors = accounts.map((account) => createVendor(clock, scenario, { account, start }));
  const random = createRandom(`${scenario.seed}/strategy`);
  const tally = createTally(start);
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
  await clock.runUntil(start + warmUpMs + measuredMs);
  strategy.close();
  return { ...summarise(scenario, vendors, { tally, rate }), ms: performance.now() - startedAt };
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

type Tally = ReturnType<typeof createTally>;

function createTally(start: number) {
  const answered: { call: Call; waitMs: number }[] = [];
  return {
    answered,
    async watch(call: Call, sentAt: number, replying: Promise<Reply>): Promise<Reply> {
      const reply = await replying;
      if (reply.status === 200 && isMeasured(start, sentAt)) {
        answered.push({ call, waitMs: sentAt - call.at });
      }
      return reply;
    },
  };
}

function summarise(
  scenario: Scenario,
  vendors: readonly Vendor[],
  { tally, rate }: { tally: Tally; rate: number },
): Omit<Played, 'ms'> {
  const sum = (of: (facts: Vendor['facts']) => number) =>
    vendors.reduce((total, { facts }) => total + of(facts), 0);
  const possible = rate * measuredMs * capacityShare(scenario);
  const demanded = rate * measuredMs * scenario.load;
  const { answered } = tally;
  const tokensOf = (which: (call: Call) => boolean) =>
    answered.reduce((total, { call }) => total + (which(call) ? call.input + call.output : 0), 0);
  const all = Math.max(
    1,
    tokensOf(() => true),
  );
  const laneShare = (lane: Call['lane']) => tokensOf((call) => call.lane === lane) / all;
  return {
    scenario,
    goodput: sum(({ served }) => served) / Math.min(possible, demanded),
    refused:
      sum(({ refused }) => refused) /
      Math.max(
        1,
        sum(({ sent }) => sent),
      ),
    overshoot: Math.max(...vendors.map(({ facts }) => facts.overshoot)),
    waits: {
      all: waitsOf(answered),
      priority: waitsOf(answered.filter(({ call }) => call.lane === 'priority')),
      standard: waitsOf(answered.filter(({ call }) => call.lane === 'standard')),
      batch: waitsOf(answered.filter(({ call }) => call.lane === 'batch')),
    },
    jain: jainOf(
      scenario,
      all,
      scenario.tenants.map(({ id }) => tokensOf((call) => call.tenant.id === id)),
    ),
    lanes: {
      priority: laneShare('priority'),
      standard: laneShare('standard'),
      batch: laneShare('batch'),
    },
    calls: answered.length,
  };
}

function capacityShare({ trouble }: Scenario): number {
  if (trouble === 'halved') return 0.75;
  return trouble === 'foreign' ? 0.7 : 1;
}

function waitsOf(answered: readonly { waitMs: number }[]): { p50: number; p99: number } {
  const sorted = Float64Array.from(answered, ({ waitMs }) => waitMs).sort();
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Jain, Chiu & Hawe 1984: (Σx)² / (n Σx²), over what each tenant was served per unit of its fair share. */
function jainOf(scenario: Scenario, all: number, served: readonly number[]): number {
  const shares = fairShares(scenario);
  const x = served.map((tokens, index) => tokens / all / (shares[index] ?? 1));
  const sum = x.reduce((total, each) => total + each, 0);
  return sum ** 2 / (x.length * x.reduce((total, each) => total + each ** 2, 0));
}

/** Weighted max-min by water-filling: what a tenant does not ask for is shared by the others. */
function fairShares({ tenants, load }: Scenario): number[] {
  const demand = tenants.reduce((sum, tenant) => sum + tenant.demand, 0);
  const wanted = tenants.map((tenant) => (tenant.demand / demand) * load);
  const shares = tenants.map(() => 0);
  let left = Math.min(1, load);
  let open = tenants.map((_, index) => index);
  while (open.length > 0 && left > 1e-9) {
    const weights = open.reduce((sum, index) => sum + (tenants[index]?.weight ?? 1), 0);
    const level = left / weights;
    const filled = open.filter(
      (index) => (wanted[index] ?? 0) <= level * (tenants[index]?.weight ?? 1),
    );
    for (const index of filled.length > 0 ? filled : open) {
      const weight = tenants[index]?.weight ?? 1;
      shares[index] = filled.length > 0 ? (wanted[index] ?? 0) : level * weight;
      left -= shares[index] ?? 0;
    }
    open = filled.length > 0 ? open.filter((index) => !filled.includes(index)) : [];
  }
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
