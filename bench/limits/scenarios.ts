import type { Scenario, TenantShare } from './scenario.ts';

const usual: Omit<Scenario, 'name'> = {
  accounts: 5,
  load: 1.2,
  cost: 'known',
  estimateError: 0,
  trouble: 'none',
  arrivals: 'steady',
  seconds: false,
  tenants: [{ id: 'one', weight: 1, demand: 1 }],
  lanes: { priority: 0.1, standard: 0.6, batch: 0.3 },
  seed: 'limits-1',
  warmUpMs: 60_000,
  measuredMs: 180_000,
};

/** Weights 1 : 2 : 5; the first asks for ten times its share. */
const weighted: readonly TenantShare[] = [
  { id: 'greedy', weight: 1, demand: 10 },
  { id: 'two', weight: 2, demand: 4 },
  { id: 'five', weight: 5, demand: 10 },
];

/** A hundred accounts serve so many calls that one minute of them is as telling. */
const hundred = { accounts: 100, measuredMs: 60_000 } as const;

/** Every vendor is drawn anew with another seed. */
const seeds = ['limits-1', 'limits-2', 'limits-3'];

function add(name: string, changed: Partial<Scenario>): Scenario {
  return { ...usual, ...changed, name };
}

const pools: readonly Scenario[] = [1, 5, 20].flatMap((accounts) =>
  [0.5, 0.9, 1.2, 3].flatMap((load) =>
    (accounts < 20 && load > 1 ? seeds : seeds.slice(0, 1)).map((seed) =>
      add(`${accounts} account${accounts === 1 ? '' : 's'}, ${load}×`, { accounts, load, seed }),
    ),
  ),
);

const predicted = seeds.flatMap((seed) =>
  [1.2, 3].map((load) =>
    add(`output predicted, ±50 %, ${load}×`, { load, seed, cost: 'predicted', estimateError: 0.5 }),
  ),
);

/** Everything that is measured, in one configuration of Headrace. */
export const scenarios: readonly Scenario[] = [
  ...pools,
  add('100 accounts, 1.2×', hundred),
  add('100 accounts, 3×', { ...hundred, load: 3 }),
  add('20 accounts, 3×, from the first second', { accounts: 20, load: 3, warmUpMs: 0 }),
  add('100 accounts, 3×, from the first second', {
    ...hundred,
    load: 3,
    warmUpMs: 0,
    measuredMs: 120_000,
  }),
  add('20 accounts, 3×, weights 1:2:5', { accounts: 20, load: 3, tenants: weighted }),
  add('5 accounts, 1.2×, weights 1:2:5', { tenants: weighted }),
  add('bursts, 0.9×', { arrivals: 'bursts', load: 0.9 }),
  add('bursts, 1.2×', { arrivals: 'bursts' }),
  add('seconds enforced, 1.2×', { seconds: true }),
  ...predicted,
  add('20 accounts, predicted', { accounts: 20, cost: 'predicted', estimateError: 0.5 }),
  add('limits discovered', { trouble: 'discovered' }),
  ...seeds.map((seed) => add('limits halved', { trouble: 'halved', seed })),
  add('30 % foreign use', { trouble: 'foreign' }),
  add('529 storm', { trouble: 'storm' }),
  add('a replica of two killed', { trouble: 'killed' }),
];

/** On which the baselines are measured as well. */
export const compared: readonly Scenario[] = scenarios.filter(
  ({ name, seed }) =>
    seed === 'limits-1' &&
    ['5 accounts, 1.2×', '5 accounts, 3×', 'output predicted, ±50 %, 1.2×'].includes(name),
);
