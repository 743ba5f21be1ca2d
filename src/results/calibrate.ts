/** What was known of an answer before anybody judged it, each 0..1, in the order of `featureNames`. */
export type Features = readonly number[];

export interface Label {
  features: Features;
  /** A judge found no defect in it, or a person called it right. */
  passed: boolean;
  /** Labels of one run are alike; they are never on both sides of a split. */
  group: string;
}

export interface Calibration {
  /** Intercept first, then one weight per feature. */
  weights: number[];
  labels: number;
  /** Expected calibration error in ten bins, measured on labels that the fit had not seen. */
  ece: number;
}

/**
 * `prior` is the uncalibrated estimate c₀. Without it one family alone and five unanimous ones look the
 * same to a fit over panels of all sizes: both have an agreement of one.
 */
export const featureNames = [
  'agreement',
  'margin',
  'rubric',
  'checks',
  'missing',
  'conflict',
  'prior',
] as const;
/** Fewer labels than this say nothing reliable. */
export const leastLabels = 300;

const folds = 5;
const bins = 10;
/** Keeps weights finite where a feature separates the labels perfectly, or never varies. */
const ridge = 0.1;
const mostSteps = 50;
const settled = 1e-6;

/**
 * c = σ(b₀ + b·features), by iteratively reweighted least squares with a small ridge (Platt 1999,
 * "Probabilistic outputs for support vector machines"). `null` below 300 labels. The error is
 * cross-fitted: each fifth of the runs is rated by the fit of the others.
 */
export function calibrate(labels: readonly Label[]): Calibration | null {
  if (labels.length < leastLabels) return null;
  const fold = foldsOf(labels);
  const rated = Array.from({ length: folds }, (_, index) => {
    const held = labels.filter((label) => fold(label) === index);
    if (held.length === 0) return [];
    const weights = fit(labels.filter((label) => fold(label) !== index));
    return held.map(({ features, passed }) => ({ value: applyWeights(weights, features), passed }));
  });
  return { weights: fit(labels), labels: labels.length, ece: calibrationError(rated.flat()) };
}

/** The chance to pass, 0..1. */
export function applyWeights(weights: readonly number[], features: Features): number {
  return sigmoid(dot([1, ...features], weights));
}

function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

/** Mean distance between what was promised and what came true, by bins of equal width (Guo et al. 2017). */
export function calibrationError(rated: readonly { value: number; passed: boolean }[]): number {
  let error = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    const within = rated.filter(
      ({ value }) => Math.min(bins - 1, Math.floor(value * bins)) === bin,
    );
    const promised = within.reduce((sum, { value }) => sum + value, 0);
    const kept = within.filter(({ passed }) => passed).length;
    error += Math.abs(promised - kept);
  }
  return rated.length === 0 ? 0 : error / rated.length;
}

/** Groups in the order in which they come, dealt out in turn; single labels where there are too few groups. */
function foldsOf(labels: readonly Label[]): (label: Label) => number {
  const places = new Map(
    [...new Set(labels.map(({ group }) => group))].map((group, index) => [group, index]),
  );
  if (places.size >= folds) return ({ group }) => (places.get(group) ?? 0) % folds;
  const single = new Map(labels.map((label, index) => [label, index]));
  return (label) => (single.get(label) ?? 0) % folds;
}

/** Newton's method on the penalised log-likelihood; a step that overshoots is halved. */
function fit(labels: readonly Label[]): number[] {
  const rows = labels.map(({ features, passed }) => ({ x: [1, ...features], passed }));
  let weights: number[] = new Array(featureNames.length + 1).fill(0);
  let loss = lossOf(rows, weights);
  for (let step = 0; step < mostSteps; step += 1) {
    const move = solve(...curvature(rows, weights));
    let scale = 1;
    let next = weights;
    let nextLoss = loss;
    do {
      next = weights.map((weight, index) => weight + scale * (move[index] ?? 0));
      nextLoss = lossOf(rows, next);
      scale /= 2;
    } while (nextLoss > loss && scale > settled);
    const gain = loss - nextLoss;
    if (gain > 0) [weights, loss] = [next, nextLoss];
    if (gain < settled) break;
  }
  return weights;
}

interface Row {
  x: number[];
  passed: boolean;
}

/** The Hessian of the penalised loss and its downhill gradient. */
function curvature(rows: readonly Row[], weights: readonly number[]): [number[][], number[]] {
  const hessian = weights.map((_, row) =>
    weights.map((_, column): number => (row === column ? ridge : 0)),
  );
  const gradient = weights.map((weight) => -ridge * weight);
  for (const { x, passed } of rows) {
    const chance = sigmoid(dot(x, weights));
    const spread = chance * (1 - chance);
    for (const [row, value] of x.entries()) {
      gradient[row] = (gradient[row] ?? 0) + value * (Number(passed) - chance);
      const line = hessian[row] ?? [];
      for (const [column, other] of x.entries())
        line[column] = (line[column] ?? 0) + spread * value * other;
    }
  }
  return [hessian, gradient];
}

function lossOf(rows: readonly Row[], weights: readonly number[]): number {
  const penalty = weights.reduce((sum, weight) => sum + weight * weight, 0) * (ridge / 2);
  return rows.reduce((sum, { x, passed }) => {
    const score = dot(x, weights);
    // log(1 + e^z) without overflow.
    const signed = passed ? -score : score;
    return sum + Math.max(signed, 0) + Math.log1p(Math.exp(-Math.abs(signed)));
  }, penalty);
}

function dot(left: readonly number[], right: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1)
    sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}

/** Gaussian elimination with pivots; the ridge keeps the matrix positive definite. */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const size = right.length;
  for (let column = 0; column < size; column += 1) {
    const pivot = rows
      .slice(column)
      .reduce((best, row) => (at(row, column) > at(best, column) ? row : best), rows[column] ?? []);
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(column, 0, pivot);
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = (row[column] ?? 0) / (pivot[column] || 1);
      for (let index = column; index <= size; index += 1)
        row[index] = (row[index] ?? 0) - factor * (pivot[index] ?? 0);
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] || 1));
}

function at(row: readonly number[], column: number): number {
  return Math.abs(row[column] ?? 0);
}
