import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type DamageName, namesOf } from '../../simulator/hostility/damage-settings.ts';
import { type DamagedRun, runDamaged } from './run-damaged.ts';

/** What shows in the run that it was noticed; that the result reads well is asserted of every run. */
const noticed: Record<string, (damaged: DamagedRun) => unknown> = {
  'answer.missed_criterion': ({ events }) => assert.ok(countOf(events, 'task.superseded') > 0),
  'answer.contradiction': ({ run, events }) => {
    assert.match(run.merge_report.map(({ reason }) => reason).join('\n'), /It contradicts/);
    assert.ok(countOf(events, 'rework.ordered') > 0);
    assert.ok(countOf(events, 'result.judged') <= 2, 'it is sent back once at most');
  },
  'answer.thinking': ({ run }) => assert.doesNotMatch(run.result, /think/i),
  'answer.empty': ({ run }) =>
    assert.ok(
      run.tasks.some(({ attempts }) => attempts.length > 1),
      'an empty answer is asked for again',
    ),
  'answer.truncated': ({ run }) =>
    assert.ok(
      run.tasks.some(({ attempts }) => attempts.length > 1),
      'it is asked for with more room',
    ),
  'answer.overlong': ({ run }) =>
    assert.ok(
      run.tasks.some(({ attempts }) => attempts.length > 1),
      'it is asked for with more room',
    ),
  'answer.fenced': ({ run }) => assert.doesNotMatch(run.result, /^```/m),
  'answer.chatter': ({ run }) => assert.doesNotMatch(run.result, /Certainly!|Let me know if/),
};

function countOf(events: DamagedRun['events'], type: string): number {
  return events.filter((event) => event.type === type).length;
}

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

/**
 * With the first seed that damages one answer only, and one that stands in the result: which one that is
 * changes with every text.
 */
async function runWithOneContradiction(t: TestContext, project = {}): Promise<DamagedRun> {
  const damage = { only: 'answer.contradiction' as const, answers: 0.08 };
  for (const seed of seeds) {
    const damaged = await runDamaged(t, { seed, damage, project });
    const judged = damaged.events.find(({ type }) => type === 'result.judged');
    const isSeen = judged?.data['decision'] !== 'pass';
    if (isSeen && damaged.damage['answers']?.damaged === 1) return damaged;
  }
  return assert.fail('no seed damages one answer only');
}

describe('every second answer of a run is damaged, and the run ends with a judged result', {
  concurrency: 3,
}, () => {
  it('every kind of damaged answer has its test', () => {
    assert.deepEqual(Object.keys(noticed).toSorted(), namesOf('answers').toSorted());
  });

  it('what contradicts the brief is sent back, and the run passes once it is mended', async (t) => {
    const { run, events } = await runWithOneContradiction(t);
    const judged = events.filter(({ type }) => type === 'result.judged');
    assert.deepEqual(
      judged.map(({ data }) => data['decision']),
      ['partial', 'pass'],
    );
    const told = events.filter(({ type }) => type === 'rework.ordered');
    assert.equal(told.length, 1);
    assert.ok(countOf(events, 'task.superseded') > 0);
    const used = run.merge_report.filter(({ disposition }) => disposition === 'used');
    for (const { reason } of used) assert.doesNotMatch(reason, /It contradicts/);
    assert.ok(run.verdict.criteria.every(({ met }) => met));
  });

  it('what contradicts the brief is said, and not sent back, where nobody wants rework', async (t) => {
    const { run, events } = await runWithOneContradiction(t, { rework: 0 });
    assert.equal(countOf(events, 'task.superseded'), 0);
    const unmet = run.verdict.criteria.filter(({ met }) => !met);
    assert.ok(unmet.length > 0);
    // Whoever read the part that is wrong may have repeated it.
    for (const { text } of unmet) assert.match(text, /contradicts neither another part/);
    assert.ok(unmet.some(({ evidence }) => /≠.*140 berths.*\(the brief\)/.test(evidence)));
  });

  for (const [name, check] of Object.entries(noticed)) {
    it(name, { timeout: 90_000 }, async (t) => {
      const damaged = await runDamaged(t, { damage: { only: name as DamageName, answers: 0.5 } });
      assert.ok((damaged.damage['answers']?.kinds[name] ?? 0) > 1);
      check(damaged);
    });
  }
});
