import assert from 'node:assert/strict';
import {
  type Claim,
  failTask,
  handBack,
  leaseMs,
  maxTries,
  recordAnswer,
  renewLeases,
} from '../../src/queue/index.ts';
import type { Action } from './draw-actions.ts';
import { type ModelTask, taskOf, type World } from './model-world.ts';
import { settleOpen } from './settle-open.ts';

const meta = { provider: 'openai', model: 'openai/model', account: 'acc', finish_reason: 'stop' };
const failure = { code: 'upstream_rejected', kind: null, message: 'No.', dead: true };

/** Any worker that ever claimed writes; only the current claim's word is taken. */
export async function writeAsClaim(
  world: World,
  action: Extract<Action, { claim: number }>,
): Promise<void> {
  const claim = world.claims.at(-1 - (action.claim % Math.max(1, world.claims.length)));
  if (!claim) return;
  const task = taskOf(world, claim.task.id);
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
