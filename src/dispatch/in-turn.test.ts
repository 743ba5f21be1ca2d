import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn } from './in-turn.ts';

test('each call begins when the one before has ended, also where that one failed', async () => {
  const told: string[] = [];
  let calls = 0;
  const run = inTurn(async () => {
    calls += 1;
    const mine = calls;
    told.push(`begin ${mine}`);
    await Promise.resolve();
    told.push(`end ${mine}`);
    if (mine === 1) throw new Error('away');
  });
  const [first, second] = await Promise.allSettled([run(), run()]);
  assert.deepEqual([first?.status, second?.status], ['rejected', 'fulfilled']);
  assert.deepEqual(told, ['begin 1', 'end 1', 'begin 2', 'end 2']);
});
