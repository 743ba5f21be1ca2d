import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreementConfidence, estimateConfidence, smoothedPassRate } from './confidence.ts';

test('one family alone is worth the measured pass rate, never certainty', () => {
  assert.equal(agreementConfidence(1, 1, 0.7), 0.7);
  assert.equal(smoothedPassRate(0, 0), 0.5);
});

test('agreement of families raises confidence and dissent lowers it', () => {
  assert.ok(agreementConfidence(3, 3, 0.6) > agreementConfidence(2, 3, 0.6));
  assert.equal(agreementConfidence(2, 3, 0.5), 0.5);
  assert.equal(agreementConfidence(0, 3, 0.9), 0);
});

test('a result is as sure as its weakest required task and says which that is', () => {
  const confidence = estimateConfidence({
    tasks: [
      { title: 'Costs', required: true, families: 3, supporters: 3, passed: 8, judged: 10 },
      { title: 'Risks', required: true, families: 1, supporters: 1, passed: 1, judged: 4 },
      { title: 'Trivia', required: false, families: 1, supporters: 0, passed: 0, judged: 0 },
    ],
  });
  assert.equal(confidence.calibrated, false);
  assert.equal(confidence.value, 0.333);
  assert.match(confidence.explanation, /Uncalibrated.*"Risks".*1 of 4 judged/);
});
