import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findNamedTask } from './find-named-task.ts';
import type { AnsweredTask } from './results.ts';

const tasks = ['Costs', 'Risks'].map((title, index) => ({
  id: `tsk_${index + 1}`,
  key: `t${index + 1}`,
  title,
})) as AnsweredTask[];

const named = (task_id: string, criterion = '') =>
  findNamedTask(tasks, { task_id, criterion })?.title;

test('a task is found by what a judge calls it: key, id, a phrase with either, or its title', () => {
  assert.equal(named('t2'), 'Risks');
  assert.equal(named('tsk_1'), 'Costs');
  assert.equal(named('section t1'), 'Costs');
  assert.equal(named('The section "Risks"'), 'Risks');
  assert.equal(named('', 'Does “Risks” name three of them?'), 'Risks');
});

test('what names no task of the run finds none', () => {
  assert.equal(named('t21'), undefined);
  assert.equal(named('everything', 'Is it good?'), undefined);
});
