import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draw } from '../../draw.ts';
import type { PlannedTask } from '../../mind/plan/planned-task.ts';
import type { Damage, Damaged } from '../damage.ts';
import { answerTo } from '../given-answer.ts';
import { planDamages } from './plan-damages.ts';

const brief = `Write a paper for the council on night trains.

- The present state: lines, stations, passengers
- Three options compared: none, one line, two lines
- The cost: investment, operation, tickets
- Risks and what to do about them`;

const given = answerTo('planner', `<brief>\n${brief}\n</brief>`, { reasoning: 'A thought.' });
const kind = tasksOf(given.text);

function objectsIn(text: string): Record<string, unknown>[] {
  return text.split('\n').map((line) => JSON.parse(line));
}

function tasksOf(text: string): PlannedTask[] {
  return objectsIn(text).filter((line) => 'id' in line) as unknown as PlannedTask[];
}

/** Dependencies that name no task written before. */
function oddDeps(text: string) {
  const known = new Set<string>();
  return tasksOf(text).flatMap(({ id, deps }) => {
    const odd = deps.filter((dep) => !known.has(dep.id)).map((dep) => ({ id, dep: dep.id }));
    known.add(id);
    return odd;
  });
}

const unwrapped = (text: string, pattern: RegExp) => {
  assert.match(text, pattern);
  assert.ok(text.includes(given.text), 'the plan itself is whole');
};

const unreadable = (text: string) => {
  const lines = text.split('\n');
  return lines.filter((line) => {
    try {
      JSON.parse(line);
      return false;
    } catch {
      return true;
    }
  });
};

const expected: Record<keyof typeof planDamages, (damaged: Damaged) => void> = {
  'plan.fenced': ({ text }) => unwrapped(text, /^```(?:nd)?json\n\{[\s\S]+\}\n```$/),
  'plan.thinking': ({ text }) =>
    unwrapped(text, /^<think>\n[\s\S]+"id":"t1"[\s\S]+<\/think>\n\n\{/),
  'plan.unopened_thinking': ({ text }) => unwrapped(text, /^Okay, [\s\S]+<\/think>\n\n\{/),
  'plan.in_reasoning': ({ text, reasoning }) => {
    assert.equal(text, '');
    unwrapped(reasoning ?? '', /^A thought\.\n\n\{/);
  },
  'plan.prose': ({ text }) => unwrapped(text, /^Certainly!.+\n\n\{[\s\S]+\}\n\nLet me know/),
  'plan.array': ({ text }) => assert.deepEqual(JSON.parse(text), objectsIn(given.text)),
  'plan.document': ({ text }) => {
    assert.deepEqual(JSON.parse(text).tasks, kind);
    assert.ok(text.split('\n').length > 50, 'one object over many lines');
  },
  'plan.truncated': ({ text, cut }) => {
    assert.equal(cut, true);
    assert.ok(given.text.startsWith(text) && !text.endsWith('}'));
    assert.equal(unreadable(text).length, 1, 'the last line');
  },
  'plan.without_end': ({ text, cut }) => {
    assert.equal(cut, undefined);
    assert.equal(`${text}\n${given.text.split('\n').at(-1)}`, given.text);
  },
  'plan.bad_escapes': ({ text }) => {
    const broken = unreadable(text);
    assert.ok(broken.length > 1);
    for (const line of broken) assert.match(line, /[^\\]\\[^"\\/bfnrt]/);
  },
  'plan.trailing_commas': ({ text }) => {
    assert.equal(unreadable(text).length, text.split('\n').length);
    assert.match(text, /,\]/);
  },
  'plan.empty': ({ text }) => assert.equal(text.trim(), ''),
  'plan.unknown_dependency': ({ text }) =>
    assert.deepEqual(
      oddDeps(text).map(({ dep }) => dep),
      ['t99'],
    ),
  'plan.self_dependency': ({ text }) => {
    const [odd, ...more] = oddDeps(text);
    assert.equal(odd?.id, odd?.dep);
    assert.equal(more.length, 0);
  },
  'plan.forward_dependency': ({ text }) => {
    const [odd, ...more] = oddDeps(text);
    assert.equal(more.length, 0);
    const order = tasksOf(text).map(({ id }) => id);
    assert.ok(order.indexOf(odd!.dep) > order.indexOf(odd!.id));
    assert.ok(isAcyclic(text), 'it can be ordered');
  },
  'plan.cyclic_dependency': ({ text }) => assert.ok(!isAcyclic(text), 'it cannot be ordered'),
  'plan.duplicate_ids': ({ text }) => {
    const tasks = tasksOf(text);
    assert.equal(new Set(tasks.map(({ id }) => id)).size, tasks.length - 1);
    assert.equal(new Set(tasks.map(({ title }) => title)).size, kind.length);
  },
  'plan.shuffled_ids': ({ text }) => {
    const ids = tasksOf(text).map(({ id }) => id);
    assert.notDeepEqual(
      ids,
      kind.map(({ id }) => id),
    );
    assert.deepEqual(ids.toSorted(), kind.map(({ id }) => id).toSorted());
    assert.ok(oddDeps(text).length > 0 && isAcyclic(text));
  },
  'plan.unknown_model': ({ text }) =>
    assert.ok(tasksOf(text).some(({ models }) => models.includes('openai/gpt-7-ultra'))),
  'plan.foreign_fields': ({ text }) => {
    for (const task of objectsIn(text).filter((line) => 'id' in line)) {
      assert.ok(task['name'] && task['description'] && !('title' in task));
      assert.equal(typeof task['max_tokens'], 'string');
    }
  },
  'plan.flood': ({ text, beyondCap }) => {
    assert.equal(beyondCap, true);
    assert.equal(tasksOf(text).length, 10_000);
    assert.ok(Buffer.byteLength(text) < 2_000_000, `${Buffer.byteLength(text)} bytes`);
  },
};

function isAcyclic(text: string): boolean {
  const left = new Map(tasksOf(text).map(({ id, deps }) => [id, deps.map((dep) => dep.id)]));
  for (let found = true; found; ) {
    const free = [...left].find(([, deps]) => deps.every((dep) => !left.has(dep)));
    found = free !== undefined;
    if (free) left.delete(free[0]);
  }
  return left.size === 0;
}

for (const [name, check] of Object.entries(expected)) {
  test(`${name} is what it says, wherever the draw falls`, () => {
    const damage: Damage = planDamages[name as keyof typeof planDamages];
    for (let turn = 0; turn < 10; turn += 1) {
      const damaged = damage(given, (purpose) => draw(name, purpose, turn));
      assert.ok(damaged, 'it applies');
      check(damaged);
    }
  });
}

test('the last line of a continued plan has no task, and what concerns tasks leaves it alone', () => {
  const rest = answerTo('planner', `<brief>\n${brief}\n</brief>`, {
    text: '{"end":true,"count":4,"single":null}',
  });
  const untouched = Object.entries(planDamages)
    .filter(([, damage]) => damage(rest, () => 0.4) === undefined)
    .map(([name]) => name);
  assert.ok(untouched.length >= 11, untouched.join(' '));
  assert.ok(untouched.includes('plan.flood') && !untouched.includes('plan.truncated'));
});
