import type { Figure } from '../report.ts';
import type { Played } from './summarise.ts';

export const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;

/** The table, from what was played; the worst counts. */
export function figuresOf(played: readonly Played[], admissionUs: number): Figure[] {
  const of = (pick: (one: Played) => boolean) => played.filter(pick);
  const saturated = ({ scenario }: Played) => scenario.load > 1;
  // A share of every second that is jittered by tens of ms cannot be used up: it has a row of its own.
  const minutes = of(({ scenario }) => !scenario.seconds);
  const calm = minutes.filter(
    ({ scenario }) => scenario.cost === 'known' && scenario.trouble === 'none',
  );
  const known = calm.filter(({ scenario }) => scenario.arrivals === 'steady').filter(saturated);
  const predicted = of(({ scenario }) => scenario.cost === 'predicted');
  const urgent = calm.filter(({ scenario }) => scenario.load === 3);
  const within = (trouble: Played['scenario']['trouble']) =>
    of(({ scenario }) => scenario.trouble === trouble);
  return [
    atLeast('goodput, cost known, 1.2× and 3×', least(known, goodput), 0.98),
    atLeast('goodput, output predicted, ±50 %', least(predicted, goodput), 0.9),
    refusals('cost known', calm, 0),
    refusals('output predicted', predicted, 0.005),
    refusals('limits discovered', within('discovered'), 0.005),
    refusals('limits halved', within('halved'), 0.005),
    atMost(
      'overshoot in any 60 s, cost known',
      most(calm, ({ overshoot }) => overshoot),
      1,
    ),
    jain(of(({ scenario }) => scenario.tenants.length > 1)),
    waits(urgent),
    batch(urgent),
    admission(admissionUs),
  ];
}

const goodput = (played: Played) => played.goodput;

function least(played: readonly Played[], pick: (one: Played) => number): number {
  return Math.min(...played.map(pick));
}

function most(played: readonly Played[], pick: (one: Played) => number): number {
  return Math.max(0, ...played.map(pick));
}

function atLeast(name: string, value: number, goal: number): Figure {
  return { name, goal: `≥ ${percent(goal, 0)}`, measured: percent(value), met: value >= goal };
}

function atMost(name: string, value: number, goal: number): Figure {
  return { name, goal: `≤ ${goal.toFixed(2)}`, measured: value.toFixed(4), met: value <= goal };
}

function refusals(name: string, played: readonly Played[], goal: number): Figure {
  const value = most(played, ({ refused }) => refused);
  return {
    name: `provoked 429s, ${name}`,
    goal: goal === 0 ? '0' : `≤ ${percent(goal)}`,
    measured: percent(value, 3),
    met: value <= goal,
  };
}

function jain(played: readonly Played[]): Figure {
  const value = least(played, (one) => one.jain);
  return {
    name: 'Jain fairness, weights 1:2:5, one at ten times its share',
    goal: '≥ 0.98',
    measured: value.toFixed(4),
    met: value >= 0.98,
  };
}

function waits(played: readonly Played[]): Figure {
  const value = most(played, ({ urgentWithinShare }) => urgentWithinShare ?? 0);
  return {
    name: 'priority p99 at 3×, demand within its share',
    goal: '≤ 2 s',
    measured: `${(value / 1000).toFixed(2)} s`,
    met: value <= 2000,
  };
}

/** Its weight of 1 in 10, of what is left when urgent calls have had what they ask for. */
const batchMinimum = 0.1;

function batch(played: readonly Played[]): Figure {
  const value = least(played, ({ lanes }) => lanes.batch);
  return {
    name: 'batch’s share of the tokens at 3×',
    goal: `≥ ${percent(batchMinimum, 0)}`,
    measured: percent(value),
    met: value >= batchMinimum,
  };
}

function admission(microseconds: number): Figure {
  return {
    name: 'admission in process, 100 accounts',
    goal: '≤ 20 µs median',
    measured: `${microseconds.toFixed(1)} µs`,
    met: microseconds <= 20,
  };
}
