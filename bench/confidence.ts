import {
  applyWeights,
  calibrate,
  calibrationError,
  type Features,
  featureNames,
  type Grounds,
  measureFeatures,
  type PassRate,
  type RatedAnswer,
  rateAnswer,
} from '../src/results/index.ts';
import { askPanel } from './confidence/ask-panel.ts';
import { plantQuestion } from './confidence/plant-questions.ts';
import { plantSection } from './confidence/plant-section.ts';
import type { PlantedPanel } from './confidence/planted-panel.ts';
import { drawTable } from './draw-table.ts';
import { report } from './report.ts';

const sizes = [1, 2, 3, 5];
const kinds = ['question', 'section'] as const;
/** Cases of each size and kind that are labelled: just enough for a fit, and as many as a fit looks back. */
const fewPerSize = 38;
const manyPerSize = 125;

interface Case {
  index: number;
  size: number;
  kind: PlantedPanel['kind'];
  answer: RatedAnswer;
  features: Features;
  passed: boolean;
}

/** `npm run bench:confidence [CASES]`: how far confidence is from the truth, before and after calibration. */
async function measureConfidence(): Promise<void> {
  const held = Number(process.argv[2] ?? 500);
  const rates = measurePassRates();
  const many = await plantCases('train', { rates, perSize: manyPerSize });
  const few = many.filter(({ index }) => index < fewPerSize);
  const unseen = await plantCases('held out 2', { rates, perSize: held });
  show(unseen, {
    raw: ({ answer }) => answer.supporters / answer.families,
    before: rateBy({ calibration: null, labels: 0 }),
    few: fitOn(few),
    many: fitOn(many),
    withoutPrior: fitOn(many, withoutPrior),
  });
}

interface Fitted {
  labels: number;
  /** What the fit promises of itself. */
  ece: number;
  rate: Rate;
}

function fitOn(cases: readonly Case[], change: (each: Case) => Case = (each) => each): Fitted {
  const calibration = calibrate(
    cases.map(change).map(({ features, passed }, index) => ({
      ...{ features, passed, group: `case ${index}` },
    })),
  );
  if (!calibration) throw new Error('There are too few labels to calibrate.');
  return {
    labels: cases.length,
    ece: calibration.ece,
    rate: (each) => applyWeights(calibration.weights, change(each).features),
  };
}

type Rate = (each: Case) => number;

function rateBy(grounds: Grounds): Rate {
  return ({ answer }) => rateAnswer(answer, grounds).value;
}

function withoutPrior(each: Case): Case {
  const place = featureNames.indexOf('prior');
  return { ...each, features: each.features.map((value, index) => (index === place ? 0 : value)) };
}

/** What one model alone is worth, by kind: the pass rate that a tenant would have measured. */
function measurePassRates(): Map<PlantedPanel['kind'], PassRate> {
  const rates = new Map<PlantedPanel['kind'], PassRate>();
  for (const kind of kinds) {
    const judged = 200;
    let passed = 0;
    for (let index = 0; index < judged; index += 1) {
      const panel = plant(kind, `judged before/${kind}/${index}`, 1);
      if ([...panel.truth.values()].every(Boolean)) passed += 1;
    }
    rates.set(kind, { passed, judged });
  }
  return rates;
}

async function plantCases(
  split: string,
  given: { rates: ReadonlyMap<PlantedPanel['kind'], PassRate>; perSize: number },
): Promise<Case[]> {
  const cases: Case[] = [];
  for (const size of sizes)
    for (const kind of kinds)
      for (let index = 0; index < given.perSize; index += 1) {
        const panel = plant(kind, `${split}/${kind}/${size}/${index}`, size);
        const rate = given.rates.get(kind) ?? { passed: 0, judged: 0 };
        // Where no member answered there is nothing to be sure of.
        if (panel.members.every((member) => !member.output?.trim())) continue;
        const { outcome, passed } = await askPanel(panel, rate);
        const answer = { ...outcome, ...rate };
        cases.push({ size, kind, index, answer, features: measureFeatures(answer), passed });
      }
  return cases;
}

function plant(kind: PlantedPanel['kind'], seed: string, members: number): PlantedPanel {
  return kind === 'question' ? plantQuestion(seed, members) : plantSection(seed, members);
}

interface Measured {
  raw: Rate;
  before: Rate;
  few: Fitted;
  many: Fitted;
  withoutPrior: Fitted;
}

const goalFew = 0.08;
const goalMany = 0.05;
const goalSize = 0.08;
const goalPromise = 0.05;

function show(cases: readonly Case[], measured: Measured): void {
  const bySize = (size: number) => cases.filter((each) => each.size === size);
  const before = errorOf(cases, measured.before);
  const few = errorOf(cases, measured.few.rate);
  const many = errorOf(cases, measured.many.rate);
  const worst = Math.max(...sizes.map((size) => errorOf(bySize(size), measured.many.rate)));
  const promised = measured.many.ece;
  const figures = [
    {
      name: `ECE after ${measured.few.labels} labels, all held-out panels`,
      goal: `≤ ${goalFew}, and below the ${before.toFixed(3)} before`,
      measured: few.toFixed(3),
      met: few <= goalFew && few < before,
    },
    {
      name: `ECE after ${measured.many.labels} labels, all held-out panels`,
      goal: `≤ ${goalMany}`,
      measured: many.toFixed(3),
      met: many <= goalMany,
    },
    {
      name: `ECE after ${measured.many.labels} labels, the worst of n = 1, 2, 3, 5`,
      goal: `≤ ${goalSize}`,
      measured: worst.toFixed(3),
      met: worst <= goalSize,
    },
    {
      name: 'ECE that the fit promises of itself, and the one measured',
      goal: `within ${goalPromise}`,
      measured: `${promised.toFixed(3)} and ${many.toFixed(3)}`,
      met: Math.abs(promised - many) <= goalPromise,
    },
  ];
  report('confidence', figures, [
    ...drawTable([
      ...sizes.map((size) => drawRow(`n = ${size}`, bySize(size), measured)),
      ...kinds.map((kind) =>
        drawRow(
          `${kind}s`,
          cases.filter((each) => each.kind === kind),
          measured,
        ),
      ),
      drawRow('all', cases, measured),
    ]),
    '',
    `Expected calibration error in ten bins against the truth, on ${cases.length} panels whose seeds no fit has seen; \`npm run bench:confidence\`.`,
    'Questions have a planted answer, a number or a yes or no; families err together on the hard ones, and two that are both wrong say the same in 60 % of the cases. Sections are written by the simulator at its usual hostility, which knows whose answer it damaged. All go through `mergePanel`, compared by the simulator. Without c₀: the fit on the six features that the panel itself shows.',
  ]);
  if (figures.some(({ met }) => !met)) process.exitCode = 1;
}

function drawRow(members: string, of: readonly Case[], measured: Measured) {
  const error = (rate: Rate) => errorOf(of, rate).toFixed(3);
  const { few, many, withoutPrior: six } = measured;
  return {
    members,
    panels: of.length,
    right: `${((100 * of.filter(({ passed }) => passed).length) / of.length).toFixed(0)} %`,
    'raw share S/n': error(measured.raw),
    'before: c₀': error(measured.before),
    [`after ${few.labels} labels`]: error(few.rate),
    [`after ${many.labels} labels`]: error(many.rate),
    'the same without c₀': error(six.rate),
    'Brier before': brier(of, measured.before).toFixed(3),
    'Brier after': brier(of, many.rate).toFixed(3),
  };
}

function errorOf(cases: readonly Case[], rate: Rate): number {
  return calibrationError(cases.map((each) => ({ value: rate(each), passed: each.passed })));
}

function brier(cases: readonly Case[], rate: Rate): number {
  const sum = cases.reduce((total, each) => total + (rate(each) - Number(each.passed)) ** 2, 0);
  return sum / cases.length;
}

await measureConfidence();
