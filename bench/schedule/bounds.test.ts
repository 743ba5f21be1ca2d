import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowerBound, roundsMakespan } from './bounds.ts';
import { drawGraph, type Graph } from './draw-graph.ts';

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

test('the bound is the longest chain with planner and judge, or the fullest pool', () => {
  assert.equal(lowerBound(diamond, 4), 10 + 60 + 5);
  const full = { ...diamond, tasks: diamond.tasks.map((task) => ({ ...task, deps: [], ms: 60 })) };
  assert.equal(lowerBound({ ...full, planMs: 0, judgeMs: 0 }, 1), 120);
});

test('rounds wait for the slowest task of each level', () => {
  assert.equal(roundsMakespan(diamond, 4), 10 + 40 + 50 + 5);
  assert.equal(roundsMakespan(diamond, 1), 10 + 50 + 70 + 5);
});

test('the same seed draws the same graph, whose tasks need earlier ones only', () => {
  const size = { tasks: 30, unitMs: 100 };
  const graph = drawGraph('seed', size);
  assert.deepEqual(drawGraph('seed', size), graph);
  const keys = graph.tasks.map(({ key }) => key);
  for (const [index, { deps }] of graph.tasks.entries())
    for (const dep of deps) assert.ok(keys.indexOf(dep) < index && keys.includes(dep));
  assert.ok(lowerBound(graph, 4) <= roundsMakespan(graph, 4));
});
