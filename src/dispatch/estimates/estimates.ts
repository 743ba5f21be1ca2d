import type { MeasuredCall } from '../call-size.ts';
import { createLearner, type Learner } from './learner.ts';

/** What a call will take, learnt from what calls like it took. */
export interface Estimates {
  estimate(call: EstimatedCall): Estimate;
  /** What an answered call really took. */
  learn(call: EstimatedCall, usage: { input: number; output: number }): void;
}

export interface EstimatedCall {
  tenantId: string;
  /** `provider/model`. */
  model: string;
  /** As measured before anything was learnt. */
  size: MeasuredCall;
}

export interface Estimate {
  /** What is reserved: seldom exceeded. */
  cautious: MeasuredCall;
  /** What such calls take on average: fairness and pace are counted in it. */
  expected: MeasuredCall;
}

/** One call in ten may produce more than was reserved for it; what it does produce is settled. */
const outputTarget = 0.9;
/** Input is nearly known, and of the calls of a minute some are larger than estimated, others smaller. */
const inputTarget = 0.5;
/** Keys beyond these forget the one that was asked for the longest time ago. */
const mostKeys = 2000;

/**
 * Output by tenant, model and the order of magnitude of the cap (a verdict is not a chapter), else by model
 * and cap, else the cap itself. Input as the measured estimate times what that has been wrong by, by tenant
 * and model, for a tenant writes in its own languages.
 */
export function createEstimates(): Estimates {
  const outputs = createShelf(outputTarget);
  const inputs = createShelf(inputTarget);
  return {
    estimate({ tenantId, model, size }) {
      const output = find(outputs, outputKeys(tenantId, model, size.maxOutput));
      const ratio = find(inputs, [`${tenantId} ${model}`, model]);
      const scaled = (factor: number | null | undefined) =>
        Math.min(size.inputBytes, Math.ceil(size.estimatedInput * (factor ?? 1)));
      const capped = (tokens: number | null | undefined) =>
        Math.max(1, Math.min(size.maxOutput, Math.ceil(tokens ?? size.maxOutput)));
      return {
        cautious: {
          ...size,
          estimatedInput: scaled(ratio?.bound()),
          predictedOutput: capped(output?.bound()),
        },
        expected: {
          ...size,
          estimatedInput: scaled(ratio?.mean()),
          predictedOutput: capped(output?.mean()),
        },
      };
    },
    learn({ tenantId, model, size }, { input, output }) {
      for (const key of outputKeys(tenantId, model, size.maxOutput)) outputs(key).learn(output);
      if (input <= 0) return;
      const ratio = input / Math.max(1, size.estimatedInput);
      for (const key of [`${tenantId} ${model}`, model]) inputs(key).learn(ratio);
    },
  };
}

function outputKeys(tenantId: string, model: string, cap: number): string[] {
  const magnitude = Math.round(Math.log2(Math.max(1, cap)));
  return [`${tenantId} ${model} ${magnitude}`, `${model} ${magnitude}`];
}

type Shelf = (key: string) => Learner;

/** The closest that has seen enough. */
function find(shelf: Shelf, keys: readonly string[]): Learner | undefined {
  return keys.map(shelf).find((learner) => learner.bound() !== null);
}

function createShelf(target: number): Shelf {
  const learners = new Map<string, Learner>();
  return (key) => {
    const known = learners.get(key) ?? createLearner(target);
    learners.delete(key);
    learners.set(key, known);
    const [oldest] = learners.keys();
    if (learners.size > mostKeys && oldest !== undefined) learners.delete(oldest);
    return known;
  };
}
