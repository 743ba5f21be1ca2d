import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { criteriaLine, endLine, planLine, smallPlan } from '../../../test/set-up-orchestration.ts';
import { createPlanScanner, type Scanned } from './scan-plan.ts';

function scanAll(text: string, piece = 19): Scanned {
  const scanner = createPlanScanner();
  const scans: Scanned[] = [];
  for (let at = 0; at < text.length; at += piece)
    scans.push(scanner.push(text.slice(at, at + piece)));
  scans.push(scanner.end());
  return {
    items: scans.flatMap((scan) => scan.items),
    repairs: scans.flatMap((scan) => scan.repairs),
    broken: scans.flatMap((scan) => scan.broken),
  };
}

const idsOf = (scanned: Scanned) =>
  scanned.items.map((item) => (item.type === 'task' ? item.fields['id'] : item.type));
const whatsOf = (scanned: Scanned) => scanned.repairs.map((repair) => repair.what);
const whole = ['criteria', 't1', 't2', 't3', 'end'];

test('a sound plan is read line by line without a repair', () => {
  const scanned = scanAll(smallPlan);
  assert.deepEqual(idsOf(scanned), whole);
  assert.deepEqual(whatsOf(scanned), []);
});

test('a fenced plan loses its fence only', () => {
  const scanned = scanAll(`Here is the plan:\n\`\`\`ndjson\n${smallPlan}\n\`\`\`\n`);
  assert.deepEqual(idsOf(scanned), whole);
  assert.deepEqual(whatsOf(scanned), ['fenced']);
});

test('thoughts before the plan are left out, and said to be', () => {
  const scanned = scanAll(`<think>\nFirst I need t1.\n</think>\n${smallPlan}`);
  assert.deepEqual(idsOf(scanned), whole);
  assert.deepEqual(whatsOf(scanned), ['thinking']);
});

test('a plan inside thoughts that never end is found', () => {
  assert.deepEqual(idsOf(scanAll(`<think>\n${smallPlan}`)), whole);
});

test('a plan in one JSON document, printed over many lines, gives up its tasks', () => {
  const tasks = ['t1', 't2', 't3'].map((id) => JSON.parse(planLine({ id })) as object);
  const text = JSON.stringify({ criteria: ['It is good.'], tasks }, null, 2);
  const scanned = scanAll(text);
  assert.deepEqual(idsOf(scanned), whole);
  assert.deepEqual(whatsOf(scanned), ['wrapped']);
});

test('a plan as one array gives up its tasks', () => {
  const tasks = ['t1', 't2'].map((id) => JSON.parse(planLine({ id })) as object);
  const scanned = scanAll(JSON.stringify(tasks));
  assert.deepEqual(idsOf(scanned), ['t1', 't2']);
  assert.deepEqual(whatsOf(scanned), ['wrapped']);
});

test('a line with bad escapes is read, and costs no other line', () => {
  const bad = planLine({ id: 't2' }).replace('Write about', String.raw`Use \upcite{x} about`);
  const scanned = scanAll([criteriaLine, planLine({ id: 't1' }), bad, endLine(2)].join('\n'));
  assert.deepEqual(idsOf(scanned), ['criteria', 't1', 't2', 'end']);
  assert.deepEqual(whatsOf(scanned), ['bad_escape']);
});

test('a truncated last line is broken, not half a task', () => {
  const cut = planLine({ id: 't2' }).slice(0, 60);
  const scanned = scanAll([criteriaLine, planLine({ id: 't1' }), cut].join('\n'));
  assert.deepEqual(idsOf(scanned), ['criteria', 't1']);
  assert.equal(scanned.broken.length, 1);
  assert.ok(scanned.broken[0]?.text.startsWith('{"title"'));
});

test('an object that is no part of a plan is reported, not dropped', () => {
  const scanned = scanAll(`${criteriaLine}\n{"colour":"blue"}\n${planLine({ id: 't1' })}`);
  assert.deepEqual(idsOf(scanned), ['criteria', 't1']);
  assert.deepEqual(
    scanned.broken.map((broken) => broken.text),
    ['{"colour":"blue"}'],
  );
});

test('an empty plan and a plan of prose hold nothing', () => {
  for (const text of ['', '   \n', 'I am sorry, I cannot plan this.']) {
    assert.deepEqual(scanAll(text).items, []);
  }
});

test('wherever the stream is cut into pieces, the same plan comes out', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), (piece) => {
      assert.deepEqual(idsOf(scanAll(smallPlan, piece)), whole);
    }),
  );
});

test('any mutilation of a plan is read without a throw', () => {
  fc.assert(
    fc.property(fc.nat(smallPlan.length), fc.nat(60), fc.string(), (at, length, inserted) => {
      const scanned = scanAll(smallPlan.slice(0, at) + inserted + smallPlan.slice(at + length));
      assert.ok(Array.isArray(scanned.items));
    }),
    { numRuns: 500 },
  );
});
