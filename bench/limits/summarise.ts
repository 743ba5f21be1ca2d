import { fairShares } from './fair-shares.ts';
import type { Call, Scenario } from './scenario.ts';
import type { Vendor } from './vendor.ts';

export interface Played {
  scenario: Scenario;
  /** Tokens served as a share of the linear programme's bound, or of the demand where that is less. */
  goodput: number;
  /** Share of what was sent that a vendor refused with 429. */
  refused: number;
  /** Largest share of a limit that was asked for in any 60 s, and in any second, at the worst account. */
  overshoot: number;
  secondOvershoot: number;
  /** ms from asking to sending, of the calls that were answered. */
  waits: Record<'all' | Call['lane'], { p50: number; p99: number }>;
  /** p99 of urgent calls of those tenants whose urgent demand is within its share; `null`: there are none. */
  urgentWithinShare: number | null;
  /** Of tokens served over each tenant's fair share; 1 is perfectly fair. */
  jain: number;
  /** Tokens served by lane, as a share of all. */
  lanes: Record<Call['lane'], number>;
  calls: number;
  ms: number;
}

export interface Answered {
  call: Call;
  waitMs: number;
}

/** As the waiting room weighs lanes: what urgent calls are entitled to of a tenant's part. */
const urgentEntitlement = 0.6;

export function summarise(
  scenario: Scenario,
  vendors: readonly Vendor[],
  { answered, rates }: { answered: readonly Answered[]; rates: readonly number[] },
): Omit<Played, 'ms'> {
  const { measuredMs, load, tenants } = scenario;
  const sum = (of: (facts: Vendor['facts']) => number) =>
    vendors.reduce((total, { facts }) => total + of(facts), 0);
  const most = (of: (facts: Vendor['facts']) => number) =>
    Math.max(...vendors.map(({ facts }) => of(facts)));
  const rate = rates.reduce((total, each) => total + each, 0);
  const possible = vendors.reduce(
    (total, { facts }, index) =>
      total + (rates[index] ?? 0) * measuredMs * capacityShare(scenario, facts),
    0,
  );
  const tokensOf = (which: (call: Call) => boolean) =>
    answered.reduce((total, { call }) => total + (which(call) ? call.input + call.output : 0), 0);
  const all = Math.max(
    1,
    tokensOf(() => true),
  );
  const laneShare = (lane: Call['lane']) => tokensOf((call) => call.lane === lane) / all;
  const waitsIn = (lane: Call['lane']) =>
    waitsOf(answered.filter(({ call }) => call.lane === lane));
  return {
    scenario,
    goodput: sum(({ served }) => served) / Math.min(possible, rate * measuredMs * load),
    refused:
      sum(({ refused }) => refused) /
      Math.max(
        1,
        sum(({ sent }) => sent),
      ),
    overshoot: most(({ overshoot }) => overshoot),
    secondOvershoot: most(({ secondOvershoot }) => secondOvershoot),
    waits: {
      all: waitsOf(answered),
      priority: waitsIn('priority'),
      standard: waitsIn('standard'),
      batch: waitsIn('batch'),
    },
    urgentWithinShare: urgentWithinShare(scenario, answered),
    jain: jainOf(
      scenario,
      all,
      tenants.map(({ id }) => tokensOf((call) => call.tenant.id === id)),
    ),
    lanes: {
      priority: laneShare('priority'),
      standard: laneShare('standard'),
      batch: laneShare('batch'),
    },
    calls: answered.length,
  };
}

/** What is there to be served, of the limits that the scenario begins with. */
function capacityShare({ trouble, measuredMs }: Scenario, { habits }: Vendor['facts']): number {
  if (trouble === 'foreign') return 0.7;
  if (trouble !== 'halved') return 1;
  const half = measuredMs / 2;
  // A full sliding window is twice the halved limit: for half a minute nothing fits, whoever asks.
  const blockedMs = habits.window === 'sliding' ? 30_000 : 0;
  return (half + (half - blockedMs) / 2) / measuredMs;
}

function urgentWithinShare(scenario: Scenario, answered: readonly Answered[]): number | null {
  const { tenants, load, lanes } = scenario;
  const demand = tenants.reduce((sum, tenant) => sum + tenant.demand, 0);
  const shares = fairShares(scenario);
  const modest = new Set(
    tenants
      .filter((tenant, index) => {
        const urgent = (tenant.demand / demand) * load * lanes.priority;
        return urgent <= urgentEntitlement * (shares[index] ?? 0);
      })
      .map(({ id }) => id),
  );
  if (modest.size === 0) return null;
  return waitsOf(
    answered.filter(({ call }) => call.lane === 'priority' && modest.has(call.tenant.id)),
  ).p99;
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
