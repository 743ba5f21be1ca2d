import assert from 'node:assert/strict';
import test from 'node:test';
import { createSlotBoard } from './slot-board.ts';

test('a board offers the providers that have a free slot, also ones that came later', () => {
  const providers = ['openai'];
  const board = createSlotBoard(() => providers, 2);
  board.occupy('openai');
  assert.deepEqual([...board.free()], [['openai', 1]]);
  board.occupy('openai');
  providers.push('qwen');
  assert.deepEqual([...board.free()], [['qwen', 2]]);
  assert.equal(board.freeCount(), 2);
  assert.deepEqual(board.slots(), { openai: 2, qwen: 2 });
  assert.equal(board.vacate('openai'), true);
  assert.deepEqual([...board.free().keys()], ['openai', 'qwen']);
  assert.equal(board.vacate('openai'), false);
});
