import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  agreementConfidence,
  estimateConfidence,
  rateAnswer,
  singleVote,
  smoothedPassRate,
} from './confidence.ts';

test('one family alone is worth the measured pass rate, never certainty', () => {
  assert.equal(agreementConfidence(1, 1, 0.7), 0.7);
  assert.equal(smoothedPassRate(0, 0), 0.5);
});

test('agreement of families raises confidence and dissent lowers it', () => {
  assert.ok(agreementConfidence(3, 3, 0.6) > agreementConfidence(2, 3, 0.6));
  assert.equal(agreementConfidence(2, 3, 0.5), 0.5);
  assert.equal(agreementConfidence(0, 3, 0.9), 0);
});

const alone = { ...singleVote, checks: 1 };
const uncalibrated = { calibration: null, labels: 12 };

test('a result is as sure as its weakest required task and says which that is', () => {
  const confidence = estimateConfidence({
    tasks: [
      {
        ...{ ...alone, title: 'Costs', required: true, passed: 8, judged: 10 },
        ...{ families: 3, supporters: 3 },
      },
      { ...alone, title: 'Risks', required: true, passed: 1, judged: 4 },
      { ...alone, title: 'Trivia', required: false, supporters: 0, passed: 0, judged: 0 },
    ],
    grounds: uncalibrated,
  });
  assert.equal(confidence.value, 0.333);
  assert.match(confidence.explanation, /^Uncalibrated \(12 of 300.*"Risks".*1 of 4 judged/);
  assert.deepEqual([confidence.calibrated, confidence.ece, confidence.labels], [false, null, 12]);
});

test('from three hundred labels on the chance is the fitted one, with its error, count and contributions', () => {
  // Agreement counts for nothing here, the checks for all.
  const calibration = { weights: [-2, 0, 0, 0, 4, 0, 0, 0], labels: 412, ece: 0.0417 };
  const grounds = { calibration, labels: 412 };
  const good = rateAnswer({ ...alone, passed: 0, judged: 0 }, grounds);
  const poor = rateAnswer({ ...alone, checks: 0.25, passed: 0, judged: 0 }, grounds);
  assert.equal(good.value, 0.881);
  assert.equal(poor.value, 0.269);
  assert.deepEqual([good.calibrated, good.ece, good.labels], [true, 0.042, 412]);
  assert.match(good.explanation, /^Calibrated on 412 labelled outcomes \(ECE 0\.04\)/);
  assert.match(good.explanation, /log-odds checks \+4\.00, base −2\.00\.$/);
});

test('what nobody answered is worth nothing, calibrated or not', () => {
  const calibration = { weights: [9, 0, 0, 0, 0, 0, 0, 0], labels: 300, ece: 0 };
  const lost = { ...alone, supporters: 0, answered: 0, passed: 5, judged: 5 };
  assert.equal(rateAnswer(lost, { calibration, labels: 300 }).value, 0);
  assert.equal(rateAnswer(lost, uncalibrated).value, 0);
});
