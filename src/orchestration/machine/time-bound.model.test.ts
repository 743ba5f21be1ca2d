import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Action, runAction, runSettings } from '../../../test/run-actions.ts';
import { hasEnded } from './draft.ts';
import { nextLimit } from './next-limit.ts';
import { createWorld } from './run-world.contract.ts';
import { runEndsAt, standStill, workEndsAt } from './time-limits.ts';

/** From a second, the least that is accepted, to beyond where a rework is kept as well. */
const timeOuts = fc.constantFrom(1_000, 5_000, 60_000, 600_000, 3_600_000);

/** Waits as long as the time-out makes interesting, and more of them than elsewhere. */
function withTime(timeoutMs: number): fc.Arbitrary<Action> {
  const wait = fc.record({
    type: fc.constant('wait' as const),
    ms: fc.nat(Math.ceil(timeoutMs / 3)),
  });
  return fc.oneof({ weight: 8, arbitrary: runAction }, { weight: 1, arbitrary: wait });
}

const histories = timeOuts.chain((timeout_ms) =>
  fc.record({
    given: runSettings.map((settings) => ({ ...settings, timeout_ms })),
    actions: fc.array(withTime(timeout_ms), { minLength: 10, maxLength: 100, size: 'max' }),
  }),
);

type World = ReturnType<typeof createWorld>;

const isTimedOut = ({ run, now }: World) =>
  !standStill.includes(run.status) && now >= runEndsAt(run);

/** Of the plan as it stands, what another task did not take over. */
function currentTasks(world: World) {
  const replaced = new Set(world.tasks.flatMap((task) => task.supersedes ?? []));
  return world.tasks.filter(
    ({ id, kind, status }) =>
      ['section', 'panel'].includes(kind) && status !== 'superseded' && !replaced.has(id),
  );
}

function play({ given, actions }: { given: Parameters<typeof createWorld>[0]; actions: Action[] }) {
  const world = createWorld(given);
  world.wait = world.waitAwake;
  world.advance();
  for (const act of actions) {
    world.take(act);
    world.advance();
    world.mergePlainly();
    if (isTimedOut(world)) assert.ok(hasEnded(world.run.status), `late in ${world.run.status}`);
  }
  return world;
}

/** What stands still for a person goes on. */
function letGo(world: World): void {
  if (world.run.status === 'paused') {
    world.command({ type: 'resume', pausedMs: world.now - world.pausedAt });
    world.advance();
  }
  if (world.run.status === 'awaiting_approval') {
    const waitedMs = world.waitedMs + world.now - world.plannedAt;
    world.command({ type: 'approve', waitedMs });
    world.advance();
  }
}

test('looked at when its time has something to say, no run passes its time-out, whoever hangs', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const world = play(history);
      if (hasEnded(world.run.status)) return;
      letGo(world);
      // From here on nobody answers any more.
      world.waitAwake(history.given.timeout_ms);
      assert.ok(hasEnded(world.run.status), `it hangs in ${world.run.status}`);
    }),
    { numRuns: 500 },
  );
});

test('what was answered by then is delivered, and what the time-out cut is said, on a slow machine too', () => {
  fc.assert(
    fc.property(histories, fc.boolean(), (history, slow) => {
      const world = play(history);
      letGo(world);
      const wasOver = hasEnded(world.run.status);
      const { mergePlainly } = world;
      // Whatever is put together without a model is only ready when the time is long over.
      if (slow) world.mergePlainly = () => undefined;
      world.waitAwake(history.given.timeout_ms);
      mergePlainly();
      const { status, failure, verdict } = world.run;
      if (wasOver || status === 'cancelled') return;
      const tasks = currentTasks(world);
      if (tasks.some((task) => task.status === 'succeeded')) {
        assert.equal(status, 'succeeded', failure?.message);
        assert.ok(verdict);
      }
      if (tasks.some((task) => task.status === 'cancelled')) {
        assert.ok(failure, 'nothing is said of what was cut');
        assert.match(failure.message, /time-out|budget/);
      }
      if (failure) assert.notEqual(verdict?.decision, 'pass');
    }),
    { numRuns: 500 },
  );
});

test('a time-out leaves a quarter at most to merging, judging and a rework, and rework none where none is wanted', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 86_400_000 }),
      fc.nat(2),
      fc.nat(2),
      (timeout_ms, rework, rounds) => {
        const run = { deadlineAt: timeout_ms, rounds, settings: { timeout_ms, rework } };
        const kept = timeout_ms - workEndsAt(run);
        assert.ok(kept <= timeout_ms / 4 && kept <= 240_000);
        if (rework === 0 || rounds > 0) assert.ok(kept <= 120_000);
        if (rework > 0 && rounds === 0 && timeout_ms >= 960_000) assert.equal(kept, 240_000);
        for (const status of ['planning', 'running', 'merging', 'judging'] as const) {
          const { waitMs } = nextLimit({ ...run, status, answersDueAt: null }, 0);
          assert.ok(waitMs > 0 && waitMs <= timeout_ms);
        }
      },
    ),
  );
});
