import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listStatements } from './extract-claims.ts';
import { findConflicts } from './find-conflicts.ts';
import { findContradictions } from './find-contradictions.ts';
import { readProse } from './read-prose.ts';
import type { AnsweredTask } from './results.ts';

const part = (id: string, output: string, over: Partial<AnsweredTask> = {}): AnsweredTask => ({
  ...{ id, key: id, title: id.toUpperCase(), kind: 'section', instruction: '', acceptance: [] },
  ...{ artifactPath: null, dependsOn: [], required: true, output, failure: null },
  ...{ model: null, confidence: null },
  ...over,
});
const notes = (id: string, output: string) => part(id, output, { kind: 'research' });
const from = (...dependsOn: string[]) => ({ dependsOn });

const right = 'The harbour holds 140 boats in summer.';
const wrong = 'The harbour holds 240 boats in summer.';

/** Who is to mend what, as `task≠against`. */
function blamed(tasks: readonly AnsweredTask[], brief = ''): string[] {
  const told = tasks.map((task) => ({ id: task.id, output: readProse(task) }));
  const conflicts = findConflicts(listStatements([{ id: 'brief', output: brief }, ...told]));
  return findContradictions(tasks, conflicts).map(
    ({ task, against }) => `${task.id}≠${against?.id ?? 'brief'}`,
  );
}

test('who read the other, or the brief, is to mend it, wherever it stands', () => {
  assert.deepEqual(blamed([notes('n', right), part('s', wrong, from('n'))]), ['s≠n']);
  assert.deepEqual(blamed([part('late', wrong, from('early')), part('early', right)]), [
    'late≠early',
  ]);
  assert.deepEqual(blamed([part('s', wrong)], right), ['s≠brief']);
});

test('of two parts that did not read each other it is the one that more disagree with, else the later', () => {
  assert.deepEqual(blamed([part('a', right), part('b', wrong)]), ['b≠a']);
  const third = part('c', 'In summer the harbour holds 140 boats.');
  assert.deepEqual(blamed([part('a', wrong), part('b', right), third]), ['a≠b', 'a≠c']);
});

test('nothing is to be mended where only notes disagree, or notes that the part was not made from', () => {
  const tasks = [notes('n', right), notes('m', wrong), part('s', 'Boats come.', from('n', 'm'))];
  assert.deepEqual(blamed(tasks), []);
  assert.deepEqual(
    blamed([notes('n', right), part('s', wrong), part('t', 'Boats.', from('n'))]),
    [],
  );
});

test('a part that names both amounts contradicts nobody', () => {
  const open = `${wrong} An older count, of 140, is out of date.`;
  assert.deepEqual(blamed([notes('n', right), part('s', open, from('n'))]), []);
});

test('a synthesis of findings shows both sides by itself', () => {
  assert.deepEqual(blamed([notes('n', right), notes('m', wrong)]), []);
});

test('what repeats the mistake of an answer that it read is done again with it, and not told off', () => {
  const tasks = [notes('n', right), part('a', wrong, from('n')), part('b', wrong, from('a'))];
  assert.deepEqual(blamed(tasks), ['a≠n']);
});

test('notes that contradict the brief are to mend it where a part repeats them, and prove nothing where none does', () => {
  const made = (output: string) => [notes('n', wrong), part('s', output, from('n'))];
  assert.deepEqual(blamed(made(wrong), right), ['n≠brief']);
  assert.deepEqual(blamed(made(right), right), []);
  assert.deepEqual(blamed(made('Boats come.'), right), []);
});

test('a denial counts between parts, and not against the orders of a brief', () => {
  const is = 'The northern quay is open to large ships.';
  const isNot = 'The northern quay is not open to large ships.';
  assert.deepEqual(blamed([part('a', is), part('b', isNot)]), ['b≠a']);
  assert.deepEqual(blamed([part('a', is)], isNot), []);
});

test('a file is held against sections and other files, by what it says in sentences', () => {
  const file = (id: string, artifactPath: string, output: string) =>
    part(id, output, { kind: 'file', artifactPath });
  const page = `<html><style>p { width: 240px }</style><body><p>${wrong}</p></body></html>`;
  const cells = [
    { cell_type: 'code', source: ['boats = 140'] },
    { cell_type: 'markdown', source: ['# Berths\n', wrong] },
  ];
  const book = JSON.stringify({ cells });
  assert.deepEqual(blamed([part('s', right), file('f', 'README.md', `# Berths\n\n${wrong}`)]), [
    'f≠s',
  ]);
  assert.deepEqual(blamed([file('s', 'a.txt', right), file('f', 'b/index.html', page)]), ['f≠s']);
  assert.deepEqual(blamed([part('s', right), file('f', 'study.ipynb', book)]), ['f≠s']);
});

test('tables, settings and code state no sentences, and an unreadable notebook states nothing', () => {
  const of = (artifactPath: string, output: string) => readProse({ artifactPath, output });
  for (const path of ['a.csv', 'a.json', 'a.yaml', 'a.py', 'a.ts', 'Makefile'])
    assert.equal(of(path, wrong), null, path);
  assert.equal(of('a.ipynb', 'no notebook'), null);
});
