import assert from 'node:assert/strict';
import test from 'node:test';
import { catalogue, type ErrorCode } from '../platform/errors/catalogue.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { createRandom } from '../platform/random.ts';
import { decideFailure } from './decide-failure.ts';

const random = createRandom('decide');
const task = { assignedProvider: 'openai', tries: 1, refusals: 0 };
const decide = (error: unknown, given = {}) => decideFailure({ ...task, ...given }, error, random);

test('a refusal waits for as long as the limiter says, at the provider that refused', () => {
  assert.deepEqual(decide(new HeadraceError('no_capacity', { retryAfterMs: 1234 })), {
    act: 'hand_back',
    back: { provider: 'openai', waitMs: 1234, cause: 'refused', reason: 'no_capacity' },
  });
});

test('a process without the limiter hands its tasks back for everywhere', () => {
  const decision = decide(new HeadraceError('limiter_not_shared'));
  assert.ok(decision.act === 'hand_back');
  assert.deepEqual([decision.back.provider, decision.back.cause], ['*', 'refused']);
});

test('what a change alone can mend fails at once and can be redriven', () => {
  const codes: ErrorCode[] = [
    'never_fits',
    'no_accounts',
    'model_unpriced',
    'budget_exhausted',
    'upstream_rejected',
    'upstream_credentials_exhausted',
  ];
  for (const code of codes) {
    const decision = decide(new HeadraceError(code));
    assert.ok(decision.act === 'fail', code);
    assert.deepEqual([decision.failure.code, decision.failure.dead], [code, true]);
  }
});

test('hosts out of reach are worth one more assignment, which knows of them, and no third', () => {
  const error = new HeadraceError('upstream_unreachable');
  assert.equal(decide(error, { tries: 1 }).act, 'hand_back');
  assert.equal(decide(error, { tries: 3, refusals: 2 }).act, 'hand_back');
  assert.equal(decide(error, { tries: 2 }).act, 'fail');
});

test('a passed deadline is final', () => {
  const decision = decide(new HeadraceError('deadline_passed'));
  assert.ok(decision.act === 'fail');
  assert.equal(decision.failure.dead, false);
});

test('failures of the moment are retried with full jitter under a growing bound', () => {
  for (const code of ['upstream_failed', 'upstream_timeout', 'store_unavailable'] as const) {
    for (let tries = 1; tries <= 5; tries += 1) {
      for (let draw = 0; draw < 50; draw += 1) {
        const decision = decide(new HeadraceError(code), { tries });
        assert.ok(decision.act === 'hand_back');
        assert.equal(decision.back.cause, 'retry');
        assert.ok(decision.back.waitMs >= 0 && decision.back.waitMs <= 1_000 * 2 ** (tries - 1));
      }
    }
  }
});

test('an invalid answer is asked for twice in all', () => {
  const error = new HeadraceError('answer_invalid');
  assert.equal(decide(error, { tries: 1 }).act, 'hand_back');
  assert.equal(decide(error, { tries: 3, refusals: 2 }).act, 'hand_back');
  assert.equal(decide(error, { tries: 2 }).act, 'fail');
});

test('an error that is none of ours shows nothing of itself', () => {
  const decision = decide(new Error('password=hunter2'));
  assert.ok(decision.act === 'hand_back');
  assert.doesNotMatch(JSON.stringify(decision), /hunter2/);
});

test('every code of the catalogue that cannot succeed later is not retried by chance', () => {
  const errors = Object.keys(catalogue).filter((code) =>
    /^(upstream|model|budget|no_|never)/.test(code),
  );
  for (const code of errors as ErrorCode[]) {
    const retried = decide(new HeadraceError(code), { tries: 2 }).act === 'hand_back';
    assert.equal(retried, catalogue[code].retryable, code);
  }
});
