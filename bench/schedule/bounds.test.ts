import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowerBound, plainBound, roundsMakespan } from './bounds.ts';
import { drawGraph, type Graph } from './draw-graph.ts';
import { listMakespan } from './list-schedule.ts';

const diamond: Graph = {
  name: 'diamond',
  planMs: 10,
  judgeMs: 5,
  tasks: [
    { key: 'a', pool: 0, ms: 10, deps: [] },
    { key: 'b', pool: 0, ms: 40, deps: [] },
    { key: 'c', pool: 1, ms: 50, deps: ['a'] },
    { key: 'd', pool: 1, ms: 20, deps: ['b'] },
  ],
};

const four = { slots: 4, rpm: null };
const one = { slots: 1, rpm: null };

test('the bound is the longest chain with planner and judge, or the fullest pool', () => {
  assert.equal(lowerBound(diamond, four), 10 + 60 + 5);
  const full = { ...diamond, tasks: diamond.tasks.map((task) => ({ ...task, deps: [], ms: 60 })) };
  assert.equal(lowerBound({ ...full, planMs: 0, judgeMs: 0 }, one), 120);
});

test('rounds wait for the slowest task of each level', () => {
  assert.equal(roundsMakespan(diamond, four), 10 + 40 + 50 + 5);
  assert.equal(roundsMakespan(diamond, one), 10 + 50 + 70 + 5);
});

test('the same seed draws the same graph, whose tasks need earlier ones only', () => {
  const size = { tasks: 30, unitMs: 100 };
  const graph = drawGraph('seed', size);
  assert.deepEqual(drawGraph('seed', size), graph);
  const keys = graph.tasks.map(({ key }) => key);
  for (const [index, { deps }] of graph.tasks.entries())
    for (const dep of deps) assert.ok(keys.indexOf(dep) < index && keys.includes(dep));
  assert.ok(lowerBound(graph, four) <= roundsMakespan(graph, four));
});

test('a rate bounds both: calls beyond it begin a minute later, and never earlier than the bound says', () => {
  const slow = { slots: 4, rpm: 1 };
  // a begins at 10 and b at 60,010; c at 60,050 with the next round, and d a minute after it.
  assert.equal(roundsMakespan(diamond, slow), 60_050 + 60_000 + 20 + 5);
  assert.equal(plainBound(diamond, slow), 10 + 60_000 + 20 + 5);
  // Of pool 1 the first can begin after a; of pool 0 the last still has d behind it.
  assert.equal(lowerBound(diamond, slow), 10 + 60_000 + 10 + 20 + 5);
  for (let seed = 0; seed < 30; seed += 1) {
    const graph = drawGraph(`rate/${seed}`, { tasks: 30, unitMs: 3_000 });
    const capacity = { slots: 4, rpm: 3 };
    assert.ok(lowerBound(graph, capacity) <= roundsMakespan(graph, capacity));
  }
});

test('no schedule that keeps slots and minutes is shorter than either bound', () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const graph = drawGraph(`list/${seed}`, { tasks: 30, unitMs: 3_000 });
    for (const capacity of [four, one, { slots: 4, rpm: 3 }, { slots: 1, rpm: 2 }]) {
      const list = listMakespan(graph, capacity);
      // What is summed in another order differs in the last digits.
      assert.ok(plainBound(graph, capacity) <= lowerBound(graph, capacity) + 1e-6);
      assert.ok(lowerBound(graph, capacity) <= list + 1e-6, `seed list/${seed}`);
    }
  }
  assert.equal(listMakespan(diamond, four), 10 + 60 + 5);
  // b a minute after a; by then d finds c's minute over.
  assert.equal(listMakespan(diamond, { slots: 1, rpm: 1 }), 10 + 60_000 + 40 + 20 + 5);
});
