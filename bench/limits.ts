import { drawTable } from './draw-table.ts';
import {
  createLeastBusy,
  createRoundRobin,
  createUsageBased,
  createWeightedRandom,
} from './limits/baselines.ts';
import { createHeadrace } from './limits/create-headrace.ts';
import { measureAdmission } from './limits/measure-admission.ts';
import { type Played, playScenario } from './limits/play-scenario.ts';
import type { CreateStrategy, Scenario } from './limits/scenario.ts';
import { report } from './report.ts';

/** `npm run bench:limits`: how much of what the accounts could serve is served, in simulated time. */
const usual: Omit<Scenario, 'name'> = {
  accounts: 5,
  load: 1.2,
  cost: 'known',
  estimateError: 0,
  trouble: 'none',
  tenants: [{ id: 'one', weight: 1, demand: 1 }],
  lanes: { priority: 0.1, standard: 0.6, batch: 0.3 },
  seed: 'limits-1',
};

/** Weights 1 : 2 : 5; the first asks for ten times its share. */
const weighted = [
  { id: 'greedy', weight: 1, demand: 10 },
  { id: 'two', weight: 2, demand: 4 },
  { id: 'five', weight: 5, demand: 10 },
];

const scenarios: readonly Scenario[] = [
  { ...usual, name: '1 account, 1.2×', accounts: 1 },
  { ...usual, name: '5 accounts, 0.5×', load: 0.5 },
  { ...usual, name: '5 accounts, 0.9×', load: 0.9 },
  { ...usual, name: '5 accounts, 1.2×' },
  { ...usual, name: '5 accounts, 3×', load: 3 },
  { ...usual, name: '20 accounts, 1.2×', accounts: 20 },
  { ...usual, name: '20 accounts, 3×, weights 1:2:5', accounts: 20, load: 3, tenants: weighted },
  { ...usual, name: 'predicted ±50 %', cost: 'predicted', estimateError: 0.5 },
  { ...usual, name: 'a limit halved', trouble: 'halved' },
  { ...usual, name: '30 % foreign use', trouble: 'foreign' },
  { ...usual, name: '529 storm', trouble: 'storm' },
];

const baselines: readonly [string, CreateStrategy][] = [
  ['round-robin with retry', createRoundRobin],
  ['weighted random', createWeightedRandom],
  ['least busy', createLeastBusy],
  ['usage-based (a model of LiteLLM)', createUsageBased],
];

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function describe(strategy: string, played: Played): Record<string, string | number> {
  const { all, priority } = played.waits;
  return {
    strategy,
    scenario: played.scenario.name,
    goodput: percent(played.goodput),
    '429s': `${(100 * played.refused).toFixed(2)} %`,
    'overshoot, 60 s': played.overshoot.toFixed(2),
    'wait p50 / p99 s': `${(all.p50 / 1000).toFixed(1)} / ${(all.p99 / 1000).toFixed(1)}`,
    'priority p99 s': (priority.p99 / 1000).toFixed(1),
    'batch share': percent(played.lanes.batch),
    Jain: played.jain.toFixed(3),
  };
}

async function measure(): Promise<void> {
  const rows: Record<string, string | number>[] = [];
  const ours = new Map<string, Played>();
  for (const scenario of scenarios) {
    const played = await playScenario(scenario, createHeadrace);
    ours.set(scenario.name, played);
    rows.push(describe('Headrace', played));
  }
  const compared = scenarios.filter(({ name }) => name === '5 accounts, 1.2×');
  for (const [name, create] of baselines) {
    for (const scenario of compared)
      rows.push(describe(name, await playScenario(scenario, create)));
  }
  const admission = await measureAdmission(100);
  report('limits', figuresOf([...ours.values()], admission), [
    'Simulated time, `npm run bench:limits`: 150 s of warm-up, 180 s measured, per row. Window algorithm, clock offset and latency are drawn by seed per account and hidden; limits spread 1–50×; token costs are Pareto (1.5), 1,460 to 30,000. A call waits 30 s at most.',
    'Goodput: tokens that vendors accepted, as a share of the linear-programme bound, or of the demand where that is less. For one class of calls the optimum is closed: the sum over the accounts of min(tpm, rpm × mean cost). No initial burst is credited, for the warm-up has spent it. A fixed window that opens four times in three minutes can show more than 100 %.',
    'Overshoot: asked for in any 60 s, refused calls included, over the limit, at the worst account.',
    'Not in this table: several processes, LiteLLM itself, limits that are not known, learnt output predictions (the predicted row reserves the cap that the client sent), pools of 100 accounts.',
    '',
    ...drawTable(rows),
  ]);
}

function figuresOf(played: readonly Played[], admission: number) {
  const known = played.filter(
    ({ scenario }) => scenario.cost === 'known' && scenario.trouble === 'none' && scenario.load > 1,
  );
  const predicted = played.filter(({ scenario }) => scenario.cost === 'predicted');
  const halved = played.filter(({ scenario }) => scenario.trouble === 'halved');
  const fair = played.filter(({ scenario }) => scenario.tenants.length > 1);
  const least = (of: readonly Played[], pick: (one: Played) => number) => Math.min(...of.map(pick));
  const most = (of: readonly Played[], pick: (one: Played) => number) => Math.max(...of.map(pick));
  const goodput = ({ goodput }: Played) => goodput;
  const refused = ({ refused }: Played) => refused;
  const figure = (name: string, goal: string, [measured, met]: [string, boolean]) => ({
    name,
    goal,
    measured,
    met,
  });
  const atLeast = (value: number, goal: number): [string, boolean] => [
    percent(value),
    value >= goal,
  ];
  const refusals = (value: number, goal: number): [string, boolean] => [
    `${(100 * value).toFixed(2)} %`,
    value <= goal,
  ];
  const jain = least(fair, (one) => one.jain);
  const overshoot = most(known, (one) => one.overshoot);
  // A tenant that asks for more urgent calls than its share waits for them.
  const within = known.filter(
    ({ scenario }) => scenario.load === 3 && scenario.tenants.length === 1,
  );
  const urgent = most(within, (one) => one.waits.priority.p99);
  return [
    figure(
      'goodput, cost known, worst of 1.2× and 3×',
      '≥ 98 %',
      atLeast(least(known, goodput), 0.98),
    ),
    figure('goodput, predicted ±50 %', '≥ 90 %', atLeast(least(predicted, goodput), 0.9)),
    figure('provoked 429s, cost known', '0', refusals(most(known, refused), 0)),
    figure('provoked 429s, predicted', '≤ 0.5 %', refusals(most(predicted, refused), 0.005)),
    figure('provoked 429s, halved', '≤ 0.5 %', refusals(most(halved, refused), 0.005)),
    figure('overshoot, cost known', '≤ 1.00', [overshoot.toFixed(4), overshoot <= 1]),
    figure('Jain over weights 1:2:5', '≥ 0.98', [jain.toFixed(3), jain >= 0.98]),
    figure('priority p99 at 3×', '≤ 2 s', [`${(urgent / 1000).toFixed(2)} s`, urgent <= 2000]),
    figure('admission in process, 100 accounts', '≤ 20 µs median', [
      `${admission.toFixed(1)} µs`,
      admission <= 20,
    ]),
  ];
}

await measure();
