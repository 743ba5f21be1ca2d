import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../platform/random.ts';
import { applyWeights, calibrate, calibrationError, type Label } from './calibrate.ts';

const seed = 'calibrate/1';

/** Answers whose true chance to pass is 0.2 + 0.7 × agreement − 0.2 × conflict. */
function drawLabels(count: number, named = seed): Label[] {
  const random = createRandom(named);
  return Array.from({ length: count }, (_, index) => {
    const agreement = random.integer(4) / 3;
    const conflict = random.integer(2);
    const chance = 0.2 + 0.7 * agreement - 0.2 * conflict;
    return {
      features: [agreement, agreement, 0.5, 1, 0, conflict, agreement],
      passed: random.next() < chance,
      group: `run ${Math.floor(index / 5)}`,
    };
  });
}

test('fewer than three hundred labels calibrate nothing', () => {
  assert.equal(calibrate(drawLabels(299)), null);
  assert.equal(calibrate(drawLabels(300))?.labels, 300);
});

test('a fit learns what agreement and conflicts are worth, and errs less than agreement itself', () => {
  const labels = drawLabels(2_000);
  const fitted = calibrate(labels);
  assert.ok(fitted);
  const rate = (agreement: number, conflict: number) =>
    applyWeights(fitted.weights, [agreement, agreement, 0.5, 1, 0, conflict, agreement]);
  assert.ok(rate(1, 0) > rate(1, 1) && rate(1, 1) > rate(0, 1), seed);
  const raw = calibrationError(
    labels.map(({ features, passed }) => ({ value: features[0] ?? 0, passed })),
  );
  assert.ok(fitted.ece < raw * 0.6, `${seed}: ${fitted.ece} against ${raw}`);
  assert.ok(fitted.ece < 0.05, `${seed}: ${fitted.ece}`);
});

test('the fitted chances come true on labels that were drawn anew', () => {
  const fitted = calibrate(drawLabels(1_000));
  assert.ok(fitted);
  const unseen = drawLabels(2_000, 'calibrate/unseen').map(({ features, passed }) => ({
    value: applyWeights(fitted.weights, features),
    passed,
  }));
  assert.ok(calibrationError(unseen) < 0.06, `${calibrationError(unseen)}`);
});

test('weights stay finite whatever the labels, and chances within zero and one', () => {
  const feature = fc.constantFrom(0, 0.5, 1);
  const kind = fc.record({
    features: fc.array(feature, { minLength: 7, maxLength: 7 }),
    passed: fc.boolean(),
    group: fc.constantFrom('a', 'b', 'c'),
  });
  fc.assert(
    fc.property(fc.array(kind, { minLength: 1, maxLength: 4 }), (kinds) => {
      // Few kinds, many times each: perfectly separated, or never varying at all.
      const labels = Array.from(
        { length: 300 },
        (_, index) => kinds[index % kinds.length] as Label,
      );
      const fitted = calibrate(labels);
      assert.ok(fitted);
      assert.ok(fitted.weights.every(Number.isFinite));
      for (const { features } of labels) {
        const chance = applyWeights(fitted.weights, features);
        assert.ok(chance > 0 && chance < 1, `${chance}`);
      }
    }),
    { numRuns: 40 },
  );
});
