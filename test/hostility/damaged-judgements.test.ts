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

/** How often the model was called to ask: nothing usable is asked for once more, and not again and again. */
function callsOfClarifier({ run }: DamagedRun): number {
  const attempts = run.tasks
    .filter(({ kind }) => kind === 'clarify')
    .flatMap((task) => task.attempts);
  return attempts.filter(({ outcome }) => outcome === 'succeeded').length;
}

const asksNothing = (damaged: DamagedRun) => {
  assert.deepEqual(damaged.run.clarifications, []);
  assert.equal(callsOfClarifier(damaged), 2, 'it was asked once more');
};

/** What nobody could ask well is not asked, and the run goes on by the brief alone. */
const clarifiers: Record<string, (damaged: DamagedRun) => void> = {
  'clarifier.prose': asksNothing,
  'clarifier.wrong_shape': asksNothing,
  'clarifier.empty': asksNothing,
  'clarifier.without_defaults': asksNothing,
  'clarifier.too_many': (damaged) => {
    const questions = damaged.run.clarifications.map(({ question }) => question);
    assert.ok(questions.length > 0 && questions.length <= 3);
    assert.equal(new Set(questions).size, questions.length, 'nothing is asked twice');
    assert.equal(callsOfClarifier(damaged), 1, 'it can be used as it is');
  },
};

/** Where only the first answer is damaged: the seed with which the second one is whole. */
const healed: Record<string, number> = {
  'clarifier.wrong_shape': 6,
  'clarifier.without_defaults': 1,
  'clarifier.empty': 3,
};

/** Asks for enough that a clarifier has something to ask. */
const project = { clarify: 'auto' };

describe('every judge or clarifier of a run talks nonsense, and it ends with a verdict', {
  concurrency: 3,
}, () => {
  it('every kind of nonsense has its test', () => {
    const names = [...namesOf('judges'), ...namesOf('clarifiers')].toSorted();
    const tested = [...Object.keys(judges), 'judge.first_place', ...Object.keys(clarifiers)];
    assert.deepEqual(tested.toSorted(), names);
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

  it('judge.first_place', { timeout: 90_000 }, async (t) => {
    const preferred = async (only: DamageName[]) => {
      // Members that missed something, so that there is a better answer to prefer.
      const damage = { only: ['answer.missed_criterion' as const, ...only], answers: 0.4 };
      const panels = { panel: 3, rework: 0 };
      const damaged = await runDamaged(t, { seed: 1, damage, project: panels });
      const tasks = damaged.run.tasks.flatMap(({ panel }) => panel?.baseline.preferred ?? []);
      return { tasks, struck: damaged.damage['judges']?.damaged ?? 0 };
    };
    const reading = await preferred([]);
    assert.ok(reading.tasks.includes('panel'), 'who reads prefers the better answer');
    const biased = await preferred(['judge.first_place']);
    assert.ok(biased.struck > 0 && biased.tasks.length > 1);
    for (const each of biased.tasks)
      assert.match(each, /^(?:same|tie)$/, 'a preference that follows the place is none');
  });

  for (const [name, seed] of Object.entries(healed)) {
    it(`${name}, once: the questions are asked all the same`, { timeout: 90_000 }, async (t) => {
      const damage = { only: name as DamageName, clarifiers: 0.5 };
      const { run, damage: done } = await runDamaged(t, { seed, damage, project });
      assert.equal(done['clarifiers']?.kinds[name], 1);
      assert.equal(run.clarifications.length, 2);
      for (const { question, answer } of run.clarifications) assert.ok(question && answer);
    });
  }

  for (const [name, check] of Object.entries(clarifiers)) {
    it(name, { timeout: 90_000 }, async (t) => {
      const damaged = await runDamaged(t, { damage: { only: name as DamageName }, project });
      assert.ok((damaged.damage['clarifiers']?.kinds[name] ?? 0) > 0);
      for (const { question, answer } of damaged.run.clarifications) assert.ok(question && answer);
      check(damaged);
    });
  }
});
