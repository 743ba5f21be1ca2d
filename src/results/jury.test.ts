import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, depsAnswering, judging, said } from '../../test/results-deps.ts';
import type { ModelInfo } from '../dispatch/index.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';

const families = ['deepseek', 'openai', 'gemini'].map(
  (family): ModelInfo => ({
    id: `${family}/m`,
    provider: family,
    model: 'm',
    family,
    contextTokens: 100_000,
    maxOutputTokens: 8_000,
    inputUsdPerMillion: 1,
    outputUsdPerMillion: 1,
    dearestUsdPerMillion: null,
    simulated: true,
    tier: 3,
  }),
);
const everyFamilyWrote = families.map(({ id, family }, index) =>
  answered({ id: `tsk_${index}`, key: `t${index + 1}`, title: family, model: id }),
);

test('where every family wrote, the majority of three decides and a minority defect is not mended', async () => {
  const deps = {
    ...depsAnswering(said(['C', true]), said(['C', false]), said(['C', true])),
    judges: families,
  };
  const { verdict, defects, judges } = await judging(deps, ['C'], everyFamilyWrote);
  assert.equal(judges.kind, 'jury');
  assert.equal(verdict.decision, 'pass');
  assert.deepEqual(defects, []);
});

test('a juror that cannot be reached is passed over, whichever it is, unless none can', async () => {
  const judge = (missing: readonly string[]) => {
    const deps = { ...depsAnswering(said(['C', true])), judges: families };
    const { call } = deps.dispatch;
    const missed = () => Promise.reject(new HeadraceError('upstream_unreachable'));
    deps.dispatch.call = (order) =>
      missing.includes(order.models[0] ?? '') ? missed() : call(order);
    return judging(deps, ['C'], everyFamilyWrote);
  };
  for (const { id } of families) {
    const { verdict, judges } = await judge([id]);
    assert.equal(verdict.decision, 'pass');
    assert.equal(judges.readable, 2);
  }
  await assert.rejects(judge(families.map(({ id }) => id)), { code: 'upstream_unreachable' });
});

test('a juror that cannot be read has no vote, and a tie is not met', async () => {
  const deps = {
    ...depsAnswering(said(['C', true]), 'nonsense', 'nonsense', said(['C', false])),
    judges: families,
  };
  const { verdict, judges } = await judging(deps, ['C'], everyFamilyWrote);
  assert.equal(judges.readable, 2);
  assert.equal(verdict.criteria.at(-1)?.met, false);
  assert.match(verdict.criteria.at(-1)?.evidence ?? '', /1 of 2 jurors/);
});

test('a judgement that begins anew asks under the same names, each of them once', async () => {
  const names = async () => {
    const deps = { ...depsAnswering(said(['C', true]), 'nonsense'), judges: families };
    const asked: (string | undefined)[] = [];
    const { call } = deps.dispatch;
    deps.dispatch.call = (order) => {
      asked.push(order.keepAs);
      return call(order);
    };
    await judging(deps, ['C'], everyFamilyWrote);
    return asked;
  };
  const first = await names();
  assert.deepEqual(await names(), first);
  assert.equal(first.length, 5, 'one juror at once, two of them again');
  assert.equal(new Set(first).size, 5);
  assert.ok(!first.includes(undefined));
});
