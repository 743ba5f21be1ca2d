import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../../platform/random.ts';
import { createLearner } from './learner.ts';

/** Share of `values` that exceeded the bound which stood when they came. */
function violations(values: readonly number[], target: number): number {
  const learner = createLearner(target);
  let judged = 0;
  let exceeded = 0;
  for (const value of values) {
    const bound = learner.bound();
    if (bound !== null) {
      judged += 1;
      if (value > bound) exceeded += 1;
    }
    learner.learn(value);
  }
  return exceeded / judged;
}

function draw(count: number, of: (uniform: number, index: number) => number): number[] {
  const random = createRandom('learner');
  return Array.from({ length: count }, (_, index) => of(random.next(), index));
}

it('says nothing until it has seen enough', () => {
  const learner = createLearner(0.9);
  for (let seen = 0; seen < 7; seen += 1) learner.learn(100);
  assert.equal(learner.bound(), null);
  assert.equal(learner.mean(), 100);
  learner.learn(100);
  assert.ok(Math.abs((learner.bound() ?? 0) - 100) < 1e-9);
});

it('is exceeded by one value in ten, whatever they are drawn from', () => {
  const shapes = {
    uniform: (u: number) => u * 1000,
    'a Pareto tail': (u: number) => 100 / (1 - u) ** (1 / 1.5),
    'two kinds of work': (u: number) => (u < 0.7 ? 50 : 4000 + u),
    'growing work': (u: number, index: number) => (1 + index / 500) * u * 1000,
    'work that changes at once': (u: number, index: number) => (index < 2000 ? u : 20 * u) + 1,
  };
  for (const [name, of] of Object.entries(shapes)) {
    const share = violations(draw(4000, of), 0.9);
    assert.ok(Math.abs(share - 0.1) < 0.02, `${name}: ${share}`);
  }
});

it('has no tail where every value is the same', () => {
  const learner = createLearner(0.9);
  for (let seen = 0; seen < 300; seen += 1) learner.learn(7);
  // Nothing ever exceeds it, so it sinks until something does: by no more than its correction allows.
  const bound = learner.bound() ?? 0;
  assert.ok(bound > 5 && bound < 9, `${bound}`);
});

it('forgets what lies a hundred values back, and stays finite and positive', () => {
  const value = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 120, maxLength: 300 }), (values) => {
      const learner = createLearner(0.75);
      for (const each of values) learner.learn(each);
      const last = values.slice(-100);
      const mean = last.reduce((sum, each) => sum + each, 0) / 100;
      assert.ok(Math.abs((learner.mean() ?? 0) - mean) <= 1e-6 * Math.max(...values));
      const bound = learner.bound() ?? 0;
      assert.ok(bound > 0 && bound <= 4 * Math.max(...last) + 1e-6);
    }),
  );
});
