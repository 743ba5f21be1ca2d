import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHostility } from './create-hostility.ts';
import {
  type DamageSettings,
  damageGroups,
  damageNames,
  hostilities,
  namesOf,
} from './damage-settings.ts';
import { answerTo } from './given-answer.ts';

const topics = ['night trains', 'cargo bicycles', 'small libraries', 'public baths', 'old mills'];

function briefOf(index: number): string {
  const topic = topics[index % topics.length];
  return `Write report ${index} on ${topic} for a town of ${200 + index} people: the present state, three options, the costs, the risks.`;
}

function plannerOf(index: number) {
  return answerTo('planner', `<brief>\n${briefOf(index)}\n</brief>`, { reasoning: 'Thought.' });
}

function workerOf(index: number, kind = 'section', author = 'openai/gpt-5.6-sol') {
  return answerTo(
    'worker',
    `<brief>\n${briefOf(index)}\n</brief>
<task title="Part ${index}" kind="${kind}">\nWrite part ${index}.\n</task>
<acceptance>\n- covers the costs\n- compares two options\n</acceptance>
<inputs>\n<input task="t1" title="Notes" uses="facts">\nThere are ${310 + index} seats.\n</input>\n</inputs>`,
    { author },
  );
}

const indices = Array.from({ length: 400 }, (_, index) => index);

test('at full hostility a fifth of the plans is damaged, in every way there is', () => {
  const hostility = createHostility('headrace', hostilities.full);
  for (let index = 0; index < 1_000; index += 1) hostility.meet(plannerOf(index));
  const { asked, damaged, kinds } = hostility.stats().plans;
  assert.equal(asked, 1_000);
  assert.ok(damaged / asked >= 0.2 && damaged / asked <= 0.3, `${damaged} of ${asked}`);
  assert.deepEqual(Object.keys(kinds).toSorted(), namesOf('plans').toSorted());
});

test('at full hostility 15 % of the answers miss a criterion or contradict an input', () => {
  const hostility = createHostility('headrace', hostilities.full);
  for (const index of indices) hostility.meet(workerOf(index));
  const { asked, kinds } = hostility.stats().answers;
  const wrong = (kinds['answer.missed_criterion'] ?? 0) + (kinds['answer.contradiction'] ?? 0);
  assert.ok(wrong / asked >= 0.15, `${wrong} of ${asked}`);
  assert.deepEqual(Object.keys(kinds).toSorted(), namesOf('answers').toSorted());
});

test('some judges and clarifiers talk nonsense', () => {
  const hostility = createHostility('headrace', hostilities.full);
  for (const index of indices) {
    const brief = `<brief>\n${briefOf(index)}\n</brief>`;
    const rest =
      '<criteria>\n1. names the costs\n</criteria>\n<result>\nThe costs are 5.\n</result>';
    hostility.meet(answerTo('judge', `${brief}\n${rest}`));
    hostility.meet(answerTo('clarifier', brief));
  }
  const { judges, clarifiers } = hostility.stats();
  assert.ok(judges.damaged >= 20 && judges.damaged <= 48, `${judges.damaged} judges`);
  assert.ok(clarifiers.damaged >= 10 && clarifiers.damaged <= 34, `${clarifiers.damaged}`);
});

test('kindness damages nothing', () => {
  const kind = createHostility('seed', hostilities.none);
  for (const index of indices) {
    kind.meet(plannerOf(index));
    kind.meet(workerOf(index));
  }
  for (const group of damageGroups) assert.equal(kind.stats()[group].damaged, 0);
});

test('the same seed damages the same, another seed otherwise, and no call changes another', () => {
  const namesFor = (seed: string, order: readonly number[]) => {
    const hostility = createHostility(seed, hostilities.full);
    return new Map(order.map((index) => [index, hostility.meet(workerOf(index)).damage]));
  };
  const one = namesFor('a', indices);
  const reversed = namesFor('a', indices.toReversed());
  const other = namesFor('b', indices);
  for (const index of indices) assert.equal(one.get(index), reversed.get(index));
  assert.ok(indices.some((index) => one.get(index) !== other.get(index)));
});

test('which model a task went to changes nothing, but a panel’s members err each by itself', () => {
  const damageOf = (index: number, kind: string, author: string) =>
    createHostility('a', { answers: 0.5 }).meet(workerOf(index, kind, author)).damage;
  const differing = (kind: string) =>
    indices
      .slice(0, 60)
      .filter((index) => damageOf(index, kind, 'a/one') !== damageOf(index, kind, 'b/two'));
  assert.equal(differing('section').length, 0);
  assert.ok(differing('member').length > 10);
});

test('who asks again after an answer draws anew; who never heard its end is told the same', () => {
  const hostility = createHostility('a', { plans: 0.5 });
  for (const index of indices.slice(0, 40)) {
    const first = hostility.meet(plannerOf(index)).damage;
    assert.equal(hostility.meet(plannerOf(index)).damage, first, 'nothing was delivered');
    const seen = new Set<boolean>();
    for (let turn = 0; turn < 20; turn += 1) {
      const { damage, delivered } = hostility.meet(plannerOf(index));
      seen.add(damage === undefined);
      delivered();
    }
    assert.equal(seen.size, 2, 'it heals, and it may be damaged again');
  }
});

test('a single damage can be forced, always or for a share, and nothing else happens then', () => {
  const count = (settings: DamageSettings) => {
    const hostility = createHostility('a', settings);
    for (const index of indices.slice(0, 60)) {
      hostility.meet(plannerOf(index));
      hostility.meet(workerOf(index));
    }
    return hostility.stats();
  };
  const always = count({ only: 'plan.fenced' });
  assert.deepEqual(always.plans.kinds, { 'plan.fenced': 60 });
  assert.equal(always.answers.damaged, 0);
  const half = count({ only: 'plan.fenced', plans: 0.5, answers: 1 });
  assert.ok(half.plans.damaged > 15 && half.plans.damaged < 45);
  assert.equal(half.answers.damaged, 0);
  const two = count({ only: ['plan.empty', 'answer.empty'], answers: 0.5 });
  assert.deepEqual(two.plans.kinds, { 'plan.empty': 60 });
  assert.ok(two.answers.damaged > 15 && two.answers.damaged < 45);
});

test('every damage belongs to one group', () => {
  assert.deepEqual(damageGroups.flatMap(namesOf).toSorted(), damageNames.toSorted());
});
