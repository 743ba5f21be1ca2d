import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelInfo } from '../../../test/fake-dispatch.ts';
import type { PoolHeadroom } from '../../dispatch/index.ts';
import { type Board, choosePool } from './choose-pool.ts';

function boardOf(free: Record<string, number>, tiers: Record<string, 1 | 2 | 3> = {}): Board {
  const ids = ['openai/large', 'qwen/large', 'qwen/small'];
  return {
    free: new Map(Object.entries(free)),
    slots: new Map(Object.keys(free).map((provider) => [provider, 4])),
    underway: new Map(),
    models: new Map(ids.map((id) => [id, modelInfo(id, { tier: tiers[id] ?? 2 })])),
  };
}

function pool(model: string, given: Partial<PoolHeadroom> = {}): PoolHeadroom {
  const provider = model.split('/')[0] ?? '';
  return { provider, model, headroom: 1, callsNow: 10, waitMs: 0, ...given };
}

const anyTask = { models: [] as string[], blockedProviders: [] as string[] };

test('work spreads over providers as their slots fill', () => {
  const board = boardOf({ openai: 4, qwen: 4 });
  const pools = [pool('openai/large'), pool('qwen/large')];
  const chosen = Array.from({ length: 8 }, () => choosePool(anyTask, pools, board));
  const providers = chosen.map((choice) =>
    choice.kind === 'assign' ? choice.provider : choice.kind,
  );
  assert.equal(providers.filter((provider) => provider === 'openai').length, 4);
  assert.equal(providers.filter((provider) => provider === 'qwen').length, 4);
  assert.equal(choosePool(anyTask, pools, board).kind, 'wait');
});

test('the abler model is taken where headroom is the same, the emptier pool where it is not', () => {
  const tiers = { 'qwen/large': 3, 'qwen/small': 1 } as const;
  const same = [pool('qwen/small'), pool('qwen/large')];
  const abler = choosePool(anyTask, same, boardOf({ qwen: 4 }, tiers));
  assert.equal(abler.kind === 'assign' && abler.model, 'qwen/large');
  const busy = [pool('qwen/small'), pool('qwen/large', { headroom: 0.2 })];
  const emptier = choosePool(anyTask, busy, boardOf({ qwen: 4 }, tiers));
  assert.equal(emptier.kind === 'assign' && emptier.model, 'qwen/small');
});

test('a task gets the first of its models that can take it now', () => {
  const task = { ...anyTask, models: ['openai/large', 'qwen/small'] };
  const pools = [pool('openai/large', { callsNow: 1, headroom: 0.1 }), pool('qwen/small')];
  const board = boardOf({ openai: 4, qwen: 4 });
  const models = [1, 2].map(() => {
    const choice = choosePool(task, pools, board);
    return choice.kind === 'assign' ? choice.model : choice.kind;
  });
  assert.deepEqual(models, ['openai/large', 'qwen/small']);
});

test('a provider that sent the task back, or has no free slot, is passed over', () => {
  const pools = [pool('openai/large'), pool('qwen/large')];
  const blocked = { ...anyTask, blockedProviders: ['openai'] };
  const choice = choosePool(blocked, pools, boardOf({ openai: 4, qwen: 1 }));
  assert.equal(choice.kind === 'assign' && choice.provider, 'qwen');
  assert.equal(choosePool(blocked, pools, boardOf({ openai: 4, qwen: 0 })).kind, 'wait');
});

test('waiting is as long as the first pool says, and a task that fits nowhere is told so at once', () => {
  const full = [
    pool('openai/large', { callsNow: 0, waitMs: 300 }),
    pool('qwen/large', { callsNow: 0, waitMs: 100 }),
  ];
  const board = boardOf({ openai: 4, qwen: 4 });
  assert.deepEqual(choosePool(anyTask, full, board), { kind: 'wait', waitMs: 100 });
  const never = full.map((each) => ({ ...each, waitMs: 365 * 86_400_000 }));
  const choice = choosePool(anyTask, never, board);
  assert.equal(choice.kind === 'never' && choice.code, 'never_fits');
  const unknown = choosePool({ ...anyTask, models: ['hal/9000'] }, [], board);
  assert.equal(unknown.kind === 'never' && unknown.code, 'model_unknown');
});
