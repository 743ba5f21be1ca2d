import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DamageName, namesOf } from '../../simulator/hostility/damage-settings.ts';
import { type DamagedRun, runDamaged } from './run-damaged.ts';

const notPassed = ({ run }: DamagedRun) => assert.notEqual(run.verdict.decision, 'pass');

/** No judge that talks nonsense lets a result pass. */
const judges: Record<string, (damaged: DamagedRun) => void> = {
  'judge.prose': notPassed,
  'judge.wrong_shape': notPassed,
  'judge.empty': notPassed,
  'judge.truncated': notPassed,
  'judge.without_evidence': notPassed,
  'judge.invented_evidence': notPassed,
  'judge.unknown_task': ({ events }) =>
    assert.ok(
      events.some(({ type }) => type === 'task.superseded'),
      'a defect finds its task by what it says of it',
    ),
};

const clarifiers: Record<string, (damaged: DamagedRun) => void> = {
  'clarifier.prose': () => {},
  'clarifier.wrong_shape': () => {},
  'clarifier.empty': () => {},
  'clarifier.without_defaults': () => {},
  'clarifier.too_many': ({ run }) => assert.equal(run.clarifications.length, 3),
};

/** Asks for enough that a clarifier has something to ask. */
const project = { clarify: 'auto' };

describe('every judge or clarifier of a run talks nonsense, and it ends with a verdict', {
  concurrency: 3,
}, () => {
  it('every kind of nonsense has its test', () => {
    // A comparer's love of the first place is what bench:ab is tried against: a run of sections has none.
    const ofRuns = namesOf('judges').filter((name) => name !== 'judge.first_place');
    const names = [...ofRuns, ...namesOf('clarifiers')].toSorted();
    assert.deepEqual([...Object.keys(judges), ...Object.keys(clarifiers)].toSorted(), names);
  });

  for (const [name, check] of Object.entries(judges)) {
    it(name, { timeout: 90_000 }, async (t) => {
      const only: DamageName[] = [name as DamageName];
      if (name === 'judge.unknown_task') only.push('answer.missed_criterion');
      const damaged = await runDamaged(t, { damage: { only, answers: 0.5 } });
      assert.ok((damaged.damage['judges']?.kinds[name] ?? 0) > 0);
      check(damaged);
    });
  }

  for (const [name, check] of Object.entries(clarifiers)) {
    it(name, { timeout: 90_000 }, async (t) => {
      const damaged = await runDamaged(t, { damage: { only: name as DamageName }, project });
      assert.ok((damaged.damage['clarifiers']?.kinds[name] ?? 0) > 0);
      assert.ok(damaged.run.clarifications.length <= 3);
      for (const { question, answer } of damaged.run.clarifications) assert.ok(question && answer);
      check(damaged);
    });
  }
});
