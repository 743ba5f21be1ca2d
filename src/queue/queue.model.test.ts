import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createTestStore } from '../../test/database.ts';
import { assign, newTask, openAttempt, seedRun, setDatabaseTime } from '../../test/seed-run.ts';
import { appendEvents } from '../platform/store/append-events.ts';
import type { Store } from '../platform/store/store.ts';
import { claimTasks } from './claim-tasks.ts';
import { failTask } from './fail-task.ts';
import { handBack } from './hand-back.ts';
import { leaseMs, maxTries } from './queue-deps.ts';
import { readTasks } from './read-tasks.ts';
import { recordAnswer } from './record-answers.ts';
import { renewLeases } from './renew-leases.ts';
import { settleTasks } from './settle-tasks.ts';
import { sweep } from './sweep.ts';
import type { Claim, TaskMessage, TaskStatus } from './task.ts';
import { withdrawAssigned } from './withdraw-assigned.ts';

const unclaimedMs = 30_000;
const meta = { provider: 'openai', model: 'openai/model', account: 'acc', finish_reason: 'stop' };
const failure = { code: 'upstream_rejected', kind: null, message: 'No.', dead: true };

type Action =
  /** `begin`: assigned and delivered at once, as nearly always. */
  | { do: 'assign' | 'begin' | 'cancel'; task: number }
  /** Any message ever sent, however old or often delivered. */
  | { do: 'deliver'; message: number; worker: number }
  /** By any worker that ever claimed, however stale its claim. */
  | { do: 'record' | 'fail' | 'retry' | 'refuse' | 'release' | 'renew'; claim: number }
  | { do: 'call' | 'settle'; claim: number }
  | { do: 'wait'; ms: number }
  | { do: 'sweep' | 'withdraw' };

// Counted back from the newest: mostly the current one, sometimes one long stale.
const recent = fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.nat(12) });
const toTask = (...kinds: ('assign' | 'begin' | 'cancel')[]) =>
  fc.record({ do: fc.constantFrom(...kinds), task: fc.nat(2) });
const toClaim = (...kinds: Extract<Action, { claim: number }>['do'][]) =>
  fc.record({ do: fc.constantFrom(...kinds), claim: recent });
const actions = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: toTask('begin') },
    { weight: 3, arbitrary: toTask('assign') },
    { weight: 1, arbitrary: toTask('cancel') },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('deliver' as const),
        message: recent,
        worker: fc.nat(2),
      }),
    },
    { weight: 3, arbitrary: toClaim('record', 'fail') },
    { weight: 7, arbitrary: toClaim('retry', 'refuse', 'release', 'renew') },
    { weight: 6, arbitrary: toClaim('call', 'settle') },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('wait' as const),
        ms: fc.constantFrom(1_000, unclaimedMs + 1, leaseMs + 1),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constantFrom('sweep' as const, 'withdraw' as const) }),
    },
  ) as fc.Arbitrary<Action>,
  { minLength: 20, maxLength: 70 },
);

/** What the queue must believe about a task. */
interface ModelTask {
  id: string;
  status: TaskStatus;
  assignment: number;
  assignedAt: number;
  token: number | null;
  leaseUntil: number;
  tries: number;
  refusals: number;
  output: string | null;
}

interface World {
  store: Store;
  runId: string;
  now: number;
  tasks: ModelTask[];
  messages: TaskMessage[];
  claims: Claim[];
  /** Open attempts by the claim that made them. */
  open: Map<Claim, string[]>;
  /** How often each attempt was settled, by whomever. */
  settled: Map<string, number>;
}

test('whatever happens in whatever order, every task ends once, with one answer, and every attempt is settled once', async (t) => {
  const store = await createTestStore(t);
  await store.transaction('system', async (tx) => {
    await tx.query(
      `INSERT INTO server_starts (postmaster_started_at) VALUES (pg_postmaster_start_time()) ON CONFLICT DO NOTHING`,
    );
    await tx.query(`UPDATE server_starts SET seen_at = '2000-01-01'`);
  });
  let now = Date.UTC(2026, 0, 1);
  await fc.assert(
    fc.asyncProperty(actions, async (script) => {
      const world = await createWorld(store, now);
      for (const action of script) await act(world, action);
      await checkAgainstModel(world);
      await finish(world);
      await checkPromises(world);
      now = world.now + 1;
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

async function createWorld(store: Store, now: number): Promise<World> {
  await setDatabaseTime(store, now);
  const tasks = ['a', 'b', 'c'].map((key) => newTask({ key }));
  const { runId } = await seedRun(store, { tasks });
  return {
    store,
    runId,
    now,
    tasks: tasks.map(({ id }) => ({
      id,
      status: 'ready',
      assignment: 0,
      assignedAt: 0,
      token: null,
      leaseUntil: 0,
      tries: 0,
      refusals: 0,
      output: null,
    })),
    messages: [],
    claims: [],
    open: new Map(),
    settled: new Map(),
  };
}

async function act(world: World, action: Action): Promise<void> {
  switch (action.do) {
    case 'assign':
      return assignOne(world, action.task);
    case 'begin':
      await assignOne(world, action.task);
      return deliver(world, 0, action.task);
    case 'cancel':
      return cancelOne(world, action.task);
    case 'deliver':
      return deliver(world, action.message, action.worker);
    case 'wait':
      world.now += action.ms;
      return setDatabaseTime(world.store, world.now);
    case 'sweep':
      return sweepAll(world);
    case 'withdraw':
      return withdrawAll(world);
    case 'call':
    case 'settle':
      return callOrSettle(world, action);
    default:
      return write(world, action);
  }
}

async function assignOne(world: World, index: number): Promise<void> {
  const task = world.tasks[index]!;
  if (task.status !== 'ready') {
    await assert.rejects(assign(world.store, task.id), /not ready/);
    return;
  }
  world.messages.push(await assign(world.store, task.id));
  Object.assign(task, {
    status: 'assigned',
    assignment: task.assignment + 1,
    assignedAt: world.now,
  });
}

async function cancelOne(world: World, index: number): Promise<void> {
  const task = world.tasks[index]!;
  const change = { taskId: task.id, status: 'cancelled' } as const;
  const { events } = await world.store.transaction('system', async (tx) => {
    const settled = await settleTasks(tx, [change]);
    await appendEvents(tx, world.runId, settled.events);
    return settled;
  });
  const live = ['ready', 'assigned', 'running'].includes(task.status);
  assert.equal(events.length, live ? 1 : 0);
  if (live) Object.assign(task, { status: 'cancelled' });
}

async function deliver(world: World, index: number, worker: number): Promise<void> {
  const message = world.messages.at(-1 - (index % Math.max(1, world.messages.length)));
  if (!message) return;
  const task = world.tasks.find((each) => each.id === message.task_id)!;
  const [claim = null] = await claimTasks({ store: world.store }, [message], `wrk_${worker}`);
  const valid = task.status === 'assigned' && task.assignment === message.assignment;
  assert.equal(claim !== null, valid, 'a claim is granted to the current assignment only');
  if (!claim) return;
  world.claims.push(claim);
  Object.assign(task, {
    status: 'running',
    token: claim.fencingToken,
    leaseUntil: world.now + leaseMs,
    tries: task.tries + 1,
  });
}

async function write(world: World, action: Extract<Action, { claim: number }>): Promise<void> {
  const claim = world.claims.at(-1 - (action.claim % Math.max(1, world.claims.length)));
  if (!claim) return;
  const task = world.tasks.find((each) => each.id === claim.task.id)!;
  const current = task.status === 'running' && task.token === claim.fencingToken;
  // Dispatch settles its attempts before a worker writes anything.
  if (action.do !== 'renew') await settleOpen(world, claim);
  const accepted = await writeAs(world, action, claim);
  assert.equal(accepted, current, `${action.do} is accepted from the current claim only`);
  if (current) applyWrite(world, action, task);
}

async function writeAs(
  world: World,
  action: Extract<Action, { claim: number }>,
  claim: Claim,
): Promise<boolean> {
  const deps = { store: world.store };
  const back = { provider: 'openai', waitMs: 0, reason: 'test', failure };
  switch (action.do) {
    case 'record': {
      const answer = { output: `by ${claim.fencingToken}`, meta };
      return (await recordAnswer(deps, claim, answer)).accepted;
    }
    case 'fail':
      return (await failTask(deps, claim, failure)).accepted;
    case 'renew':
      return (await renewLeases(deps, [claim])).size === 1;
    case 'retry':
      return (await handBack(deps, claim, { ...back, cause: 'retry' })).accepted;
    case 'refuse':
      return (await handBack(deps, claim, { ...back, cause: 'refused' })).accepted;
    default:
      return (await handBack(deps, claim, { ...back, cause: 'released' })).accepted;
  }
}

function applyWrite(world: World, action: Action, task: ModelTask): void {
  switch (action.do) {
    case 'record':
      Object.assign(task, { status: 'succeeded', output: `by ${task.token}` });
      break;
    case 'fail':
      Object.assign(task, { status: 'failed' });
      break;
    case 'renew':
      task.leaseUntil = world.now + leaseMs;
      break;
    case 'retry':
      task.status = task.tries - task.refusals >= maxTries ? 'failed' : 'ready';
      break;
    case 'refuse':
      Object.assign(task, { status: 'ready', refusals: task.refusals + 1 });
      break;
    default:
      Object.assign(task, { status: 'ready', tries: task.tries - 1 });
  }
}

async function callOrSettle(
  world: World,
  action: { do: 'call' | 'settle' | string; claim: number },
): Promise<void> {
  const claim = world.claims.at(-1 - (action.claim % Math.max(1, world.claims.length)));
  if (!claim) return;
  if (action.do === 'settle') return settleOpen(world, claim);
  const task = world.tasks.find((each) => each.id === claim.task.id)!;
  // A worker calls only under a claim that it still believes in; one lapsed without a sweep counts.
  if (task.status !== 'running' || task.token !== claim.fencingToken) return;
  const attemptId = await openAttempt(world.store, claim);
  world.open.set(claim, [...(world.open.get(claim) ?? []), attemptId]);
}

/** Dispatch's settlement: accepted once, by attempt id. */
async function settleOpen(world: World, claim: Claim): Promise<void> {
  for (const attemptId of world.open.get(claim) ?? []) {
    await world.store.transaction('system', async (tx) => {
      const rows = await tx.query(
        `UPDATE attempts SET outcome = 'succeeded', cost_nano_usd = 1000, input_tokens = 100,
           output_tokens = 100, finished_at = headrace_now()
         WHERE id = $1 AND outcome IS NULL RETURNING id`,
        [attemptId],
      );
      if (rows.length === 0) return;
      count(world, attemptId);
      await tx.query(
        `UPDATE budgets SET reserved_nano_usd = reserved_nano_usd - 5000, reserved_tokens = reserved_tokens - 1100,
           spent_nano_usd = spent_nano_usd + 1000, spent_tokens = spent_tokens + 200 WHERE run_id = $1`,
        [world.runId],
      );
    });
  }
  world.open.delete(claim);
}

function count(world: World, attemptId: string): void {
  world.settled.set(attemptId, (world.settled.get(attemptId) ?? 0) + 1);
}

async function sweepAll(world: World): Promise<void> {
  const swept = await sweep({ store: world.store }, { unclaimedMs });
  let [lapsed, unclaimed, dead] = [0, 0, 0];
  for (const task of world.tasks) {
    if (task.status === 'running' && task.leaseUntil < world.now) {
      lapsed += 1;
      task.status = task.tries - task.refusals >= maxTries ? 'failed' : 'ready';
      if (task.status === 'failed') dead += 1;
    } else if (task.status === 'assigned' && task.assignedAt < world.now - unclaimedMs) {
      unclaimed += 1;
      task.status = 'ready';
    }
  }
  assert.deepEqual(
    { lapsed: swept.lapsed, unclaimed: swept.unclaimed, dead: swept.dead },
    { lapsed, unclaimed, dead },
  );
}

async function withdrawAll(world: World): Promise<void> {
  await world.store.transaction('system', (tx) => withdrawAssigned(tx, world.runId));
  for (const task of world.tasks) if (task.status === 'assigned') task.status = 'ready';
}

async function checkAgainstModel(world: World): Promise<void> {
  const tasks = await world.store.transaction('system', (tx) => readTasks(tx, world.runId));
  assert.deepEqual(
    tasks.map(({ id, status, assignment, tries, refusals, output }) => ({
      id,
      status,
      assignment,
      tries,
      refusals,
      output,
    })),
    world.tasks.map(({ id, status, assignment, tries, refusals, output }) => ({
      id,
      status,
      assignment,
      tries,
      refusals,
      output,
    })),
  );
}

/** Every worker of before is lost; a new one answers all that is left. */
async function finish(world: World): Promise<void> {
  world.now += 2 * leaseMs + unclaimedMs;
  await setDatabaseTime(world.store, world.now);
  await sweepAll(world);
  for (const [index, task] of world.tasks.entries()) {
    if (task.status !== 'ready') continue;
    await assignOne(world, index);
    await deliver(world, 0, 9);
    await write(world, { do: 'record', claim: 0 });
  }
  // What was cancelled or answered while its attempt was open has had its lease by now.
  await sweep({ store: world.store });
}

async function checkPromises(world: World): Promise<void> {
  await checkAgainstModel(world);
  const query = (text: string) =>
    world.store.transaction('system', (tx) => tx.query(text, [world.runId]));
  const endings = await query(
    `SELECT task_id, count(*)::int AS times FROM run_events
     WHERE run_id = $1 AND type IN ('answer.collected', 'task.failed', 'task.cancelled') GROUP BY task_id`,
  );
  assert.deepEqual(
    endings.map((row) => row['times']),
    [1, 1, 1],
  );
  const attempts = await query(
    `SELECT id, outcome, coalesce(cost_nano_usd, 0) AS cost, input_tokens + output_tokens AS tokens
     FROM attempts WHERE run_id = $1`,
  );
  for (const attempt of attempts) {
    assert.notEqual(attempt['outcome'], null, 'no attempt is left open');
    const byDispatch = world.settled.get(String(attempt['id'])) ?? 0;
    assert.equal(byDispatch, attempt['outcome'] === 'unknown' ? 0 : 1);
  }
  const [budget] = await query('SELECT * FROM budgets WHERE run_id = $1');
  const sum = (key: string) => attempts.reduce((total, row) => total + Number(row[key]), 0);
  assert.equal(budget?.['reserved_nano_usd'], 0);
  assert.equal(budget?.['reserved_tokens'], 0);
  assert.equal(budget?.['spent_nano_usd'], sum('cost'), 'the ledger is the sum of the attempts');
  assert.equal(budget?.['spent_tokens'], sum('tokens'));
  const outbox = await query('SELECT 1 FROM outbox WHERE run_id = $1');
  assert.equal(outbox.length, 0, 'nothing is announced that has ended');
}
