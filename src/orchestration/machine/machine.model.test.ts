import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { runAction, runSettings } from '../../../test/run-actions.ts';
import { createWorld } from './run-world.contract.ts';

test('whatever workers, people and time do, a run ends exactly once, reopens nothing and starts nothing early', () => {
  fc.assert(
    fc.property(
      runSettings,
      fc.array(runAction, { minLength: 10, maxLength: 120, size: 'max' }),
      (given, actions) => {
        const world = createWorld(given);
        world.advance();
        for (const act of actions) {
          world.take(act);
          world.advance();
        }
        world.settleDown();
      },
    ),
    { numRuns: 500 },
  );
});

test('before the plan is complete no more is begun than its share of the budget allows', () => {
  fc.assert(
    fc.property(
      fc.array(runAction, { minLength: 10, maxLength: 60, size: 'max' }),
      fc.nat(1_000),
      (actions, speculation) => {
        const world = createWorld({
          clarify: 'off',
          approve: 'auto',
          rework: 1,
          timeout_ms: 86_400_000,
        });
        world.speculation = speculation;
        world.advance();
        for (const act of actions) {
          world.take(act);
          world.advance();
          if (world.run.status !== 'planning') continue;
          const begun = world.tasks.filter(
            (task) =>
              ['section', 'member'].includes(task.kind) &&
              !['pending', 'cancelled'].includes(task.status),
          );
          assert.ok(begun.length * 100 <= speculation);
        }
      },
    ),
    { numRuns: 300 },
  );
});
