import assert from 'node:assert/strict';
import { appendEvents } from '../../src/platform/store/append-events.ts';
import {
  claimTasks,
  leaseMs,
  maxTries,
  settleTasks,
  sweep,
  withdrawAssigned,
} from '../../src/queue/index.ts';
import { assign, openAttempt, setDatabaseTime } from '../seed-run.ts';
import { type Action, unclaimedMs } from './draw-actions.ts';
import { taskAt, taskOf, type World } from './model-world.ts';
import { settleOpen } from './settle-open.ts';
import { writeAsClaim } from './write-as-claim.ts';

/** Does it to the queue and to the model, and asserts that the queue's answer is the model's. */
export async function act(world: World, action: Action): Promise<void> {
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
      return writeAsClaim(world, action);
  }
}

export async function assignOne(world: World, index: number): Promise<void> {
  const task = taskAt(world, index);
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
  const task = taskAt(world, index);
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

export async function deliver(world: World, index: number, worker: number): Promise<void> {
  const message = world.messages.at(-1 - (index % Math.max(1, world.messages.length)));
  if (!message) return;
  const task = taskOf(world, message.task_id);
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

async function callOrSettle(
  world: World,
  action: { do: 'call' | 'settle' | string; claim: number },
): Promise<void> {
  const claim = world.claims.at(-1 - (action.claim % Math.max(1, world.claims.length)));
  if (!claim) return;
  if (action.do === 'settle') return settleOpen(world, claim);
  const task = taskOf(world, claim.task.id);
  // A worker calls only under a claim that it still believes in; one lapsed without a sweep counts.
  if (task.status !== 'running' || task.token !== claim.fencingToken) return;
  const attemptId = await openAttempt(world.store, claim);
  world.open.set(claim, [...(world.open.get(claim) ?? []), attemptId]);
}

export async function sweepAll(world: World): Promise<void> {
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
