import type { Confidence, ConfidenceInput } from './results.ts';

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
  return Math.min(1, Math.max(0, (supporters - 1 + passRate) / families));
}

/** Laplace's rule of succession: with nothing judged yet the pass rate is one half. */
export function smoothedPassRate(passed: number, judged: number): number {
  return (passed + 1) / (judged + 2);
}

/**
 * The confidence of a whole result: that of its weakest required task, not a product, which would
 * only measure how many tasks there are. Uncalibrated, and said so, until 300 labelled outcomes.
 */
export function estimateConfidence(input: ConfidenceInput): Confidence {
  const rated = input.tasks
    .filter((task) => task.required)
    .map((task) => ({ task, value: rateTask(task) }))
    .sort((one, other) => one.value - other.value);
  const weakest = rated[0];
  if (!weakest) {
    return { value: 0, calibrated: false, explanation: 'Uncalibrated: there is no required task.' };
  }
  return {
    value: Math.round(weakest.value * 1000) / 1000,
    calibrated: false,
    explanation:
      'Uncalibrated (fewer than 300 labelled outcomes). ' +
      `The weakest required task is "${weakest.task.title}": ${explainTask(weakest.task)}.`,
  };
}

type RatedTask = ConfidenceInput['tasks'][number];

function rateTask(task: RatedTask): number {
  const passRate = smoothedPassRate(task.passed, task.judged);
  return agreementConfidence(task.supporters, task.families, passRate);
}

function explainTask(task: RatedTask): string {
  if (task.supporters === 0) return 'no model answered it';
  const families = task.families === 1 ? 'family supports' : 'families support';
  const measured =
    task.judged === 0
      ? 'no task of its kind was judged before, so one half is assumed'
      : `${task.passed} of ${task.judged} judged tasks of its kind passed`;
  return `${task.supporters} of ${task.families} model ${families} its answer, and ${measured}`;
}
