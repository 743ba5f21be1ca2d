import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Lane, lanes } from '../platform/lanes.ts';
import { laneWeights } from './lane-weights.ts';
import { createLaneWheel } from './lane-wheel.ts';

/** Takes once from lanes that hold so many messages each. */
function takeOne(wheel: ReturnType<typeof createLaneWheel>, waiting: Record<Lane, number>) {
  const tried = wheel.order(lanes);
  const lane = tried.find((each) => waiting[each] > 0);
  if (lane) {
    waiting[lane] -= 1;
    wheel.served(lane, tried);
  }
  return lane;
}

test('lanes that all have work share the takes exactly by weight', () => {
  const wheel = createLaneWheel();
  const waiting = { priority: 1e6, standard: 1e6, batch: 1e6 };
  for (let turn = 0; turn < 20; turn += 1) {
    const taken = Array.from({ length: 10 }, () => takeOne(wheel, waiting));
    for (const lane of lanes) {
      assert.equal(taken.filter((each) => each === lane).length, laneWeights[lane]);
    }
  }
});

test('a lane with work waits at most two turns of the wheel, whatever the others did before', () => {
  const counts = fc.record({
    priority: fc.nat(40),
    standard: fc.nat(40),
    batch: fc.nat(40),
  });
  fc.assert(
    fc.property(counts, fc.constantFrom(...lanes), (waiting, late) => {
      const wheel = createLaneWheel();
      const first = { ...waiting, [late]: 0 };
      while (takeOne(wheel, first)) {
        // Until only the late lane is left.
      }
      const second = { priority: 1e6, standard: 1e6, batch: 1e6 };
      const taken = Array.from({ length: 20 }, () => takeOne(wheel, second));
      for (const lane of lanes) assert.ok(taken.includes(lane), `${lane} starved: ${taken}`);
    }),
  );
});

test('a message is found in whichever lane has one', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...lanes), { maxLength: 50 }), (messages) => {
      const wheel = createLaneWheel();
      const waiting = { priority: 0, standard: 0, batch: 0 };
      for (const lane of messages) waiting[lane] += 1;
      for (let take = 0; take < messages.length; take += 1) assert.ok(takeOne(wheel, waiting));
      assert.equal(takeOne(wheel, waiting), undefined);
    }),
  );
});
