import { applyWeights, type Features, featureNames, leastLabels } from './calibrate.ts';
import type { Confidence, ConfidenceInput, Grounds, RatedAnswer, Votes } from './results.ts';

/** The votes of a task that one model answered. */
export const singleVote: Votes = {
  families: 1,
  supporters: 1,
  runnerUp: 0,
  rubric: null,
  members: 1,
  answered: 1,
  contradicted: 0,
};

/**
 * c₀ = (S − 1 + μ) / n with S supporting families of n and μ the measured pass rate of the kind;
 * one family alone gives μ, never certainty. Families vote, since a vendor's models err together
 * (arXiv 2506.07962: models that are both wrong agree in 60 % of the cases).
 */
export function agreementConfidence(
  supporters: number,
  families: number,
  passRate: number,
): number {
  if (families <= 0 || supporters <= 0) return 0;
  return within((supporters - 1 + passRate) / families);
}

/** Laplace's rule of succession: with nothing judged yet the pass rate is one half. */
export function smoothedPassRate(passed: number, judged: number): number {
  return (passed + 1) / (judged + 2);
}

/** What is known of an answer before anybody judges it, in the order of `featureNames`. */
export function measureFeatures(answer: RatedAnswer): Features {
  const { families, supporters, runnerUp, rubric, members, answered, contradicted } = answer;
  const passRate = smoothedPassRate(answer.passed, answer.judged);
  return [
    share(supporters, families),
    share(supporters - runnerUp, families),
    within(rubric ?? 0.5),
    within(answer.checks),
    share(members - answered, members),
    within(contradicted),
    agreementConfidence(supporters, families, passRate),
  ].map((value) => Math.round(value * 10_000) / 10_000);
}

/** The confidence of one answer: c₀, or the calibrated chance once there are labels enough. */
export function rateAnswer(answer: RatedAnswer, grounds: Grounds): Confidence {
  return {
    ...describe(grounds),
    value: chanceOf(answer, grounds),
    explanation: `${headOf(grounds)} ${capital(explain(answer, grounds))}.`,
  };
}

/**
 * The confidence of a whole result: that of its weakest required task, not a product, which would
 * only measure how many tasks there are.
 */
export function estimateConfidence({ tasks, grounds }: ConfidenceInput): Confidence {
  const [weakest] = tasks
    .filter((task) => task.required)
    .map((task) => ({ task, value: chanceOf(task, grounds) }))
    .sort((one, other) => one.value - other.value);
  if (!weakest) {
    const explanation = `${headOf(grounds)} There is no required task.`;
    return { ...describe(grounds), value: 0, explanation };
  }
  const { task, value } = weakest;
  const explanation = `${headOf(grounds)} The weakest required task is "${task.title}": ${explain(task, grounds)}.`;
  return { ...describe(grounds), value, explanation };
}

function describe({ calibration, labels }: Grounds) {
  const ece = calibration ? Math.round(calibration.ece * 1000) / 1000 : null;
  return { calibrated: calibration !== null, ece, labels };
}

function headOf({ calibration, labels }: Grounds): string {
  return calibration
    ? `Calibrated on ${calibration.labels} labelled outcomes (ECE ${calibration.ece.toFixed(2)}).`
    : `Uncalibrated (${labels} of ${leastLabels} labelled outcomes).`;
}

function chanceOf(answer: RatedAnswer, { calibration }: Grounds): number {
  // Nobody answered: no fit has anything to say about that.
  if (answer.supporters === 0) return 0;
  const features = measureFeatures(answer);
  const prior = features[featureNames.indexOf('prior')] ?? 0;
  const value = calibration ? applyWeights(calibration.weights, features) : prior;
  return Math.min(0.999, Math.round(value * 1000) / 1000);
}

function explain(answer: RatedAnswer, { calibration }: Grounds): string {
  if (answer.supporters === 0) return 'no model answered it';
  const family = answer.families === 1 ? 'family supports' : 'families support';
  const measured =
    answer.judged === 0
      ? 'no task of its kind was judged before, so one half is assumed'
      : `${answer.passed} of ${answer.judged} judged tasks of its kind passed`;
  const missing = answer.members - answer.answered;
  const lost = missing > 0 ? `, ${missing} of ${answer.members} models did not answer` : '';
  const votes = `${answer.supporters} of ${answer.families} model ${family} its answer, and ${measured}${lost}`;
  if (!calibration) return votes;
  return `${votes}; log-odds ${listContributions(calibration.weights, measureFeatures(answer))}`;
}

/** Largest first; what adds nothing is left out. */
function listContributions(weights: readonly number[], features: Features): string {
  const terms = ['base', ...featureNames]
    .map((name, index) => ({
      name,
      by: (weights[index] ?? 0) * (index === 0 ? 1 : (features[index - 1] ?? 0)),
    }))
    .filter(({ by }) => Math.abs(by) >= 0.005)
    .sort((one, other) => Math.abs(other.by) - Math.abs(one.by));
  return terms
    .map(({ name, by }) => `${name} ${by < 0 ? '−' : '+'}${Math.abs(by).toFixed(2)}`)
    .join(', ');
}

function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : within(part / whole);
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
