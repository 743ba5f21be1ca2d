import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Account } from '../accounts/index.ts';
import { createPrices } from '../ledger/index.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import { findProvider, vendorIds } from '../providers/index.ts';
import { createModelDirectory } from './model-directory.ts';
import { resolveModel } from './resolve-model.ts';

function account(id: string, provider: string, more: Partial<Account> = {}): Account {
  return {
    id,
    provider,
    weight: 1,
    priceFactor: 1,
    managedBy: 'file',
    ownerEmail: null,
    entitlement: null,
    baseUrl: null,
    models: [],
    limits: [],
    state: 'active',
    stateReason: null,
    pauses: [],
    stateUntil: null,
    adminCredentials: [],
    credentials: [],
    ...more,
  };
}

function resolver(...accounts: Account[]) {
  const clock = createManualClock();
  const hosts = ['vllm', 'ollama'].map((id) => ({ id, baseUrl: 'http://10.0.0.7/v1' }));
  const providers = new Map(
    [...vendorIds.map(findProvider), ...hosts.map(findProvider)].map((each) => [each.id, each]),
  );
  const directory = createModelDirectory({
    clock,
    prices: createPrices(),
    accounts,
    providers,
    denials: new Map(),
  });
  const aliases = { 'gpt-4': 'openai/gpt-5.6-sol', 'claude-3': 'anthropic/claude-sonnet-5-5' };
  const resolve = (name: string) => resolveModel(directory, aliases, name).info;
  return { directory, clock, resolve };
}

it('resolves an alias, a full name and a bare name to the same model', () => {
  const { resolve } = resolver(account('a', 'openai'));
  for (const name of ['gpt-4', 'openai/gpt-5.6-sol', 'gpt-5.6-sol']) {
    assert.equal(resolve(name).id, 'openai/gpt-5.6-sol');
  }
  assert.equal(resolve('gpt-4').inputUsdPerMillion, 4);
  assert.equal(resolve('gpt-4').simulated, false);
});

it('names the candidates where a bare name is ambiguous', () => {
  const { resolve } = resolver(
    account('a', 'vllm', { models: ['llama'] }),
    account('b', 'ollama', { models: ['llama'] }),
  );
  assert.throws(() => resolve('llama'), {
    code: 'model_unknown',
    fix: /vllm\/llama, ollama\/llama/,
  });
});

it('names the closest model for a slip, and what an alias stands for', () => {
  const { resolve } = resolver(account('a', 'openai'));
  assert.throws(() => resolve('gpt-5.6-soll'), { code: 'model_unknown', fix: /gpt-5\.6-sol\?/ });
  assert.throws(() => resolve('claude-3'), { message: /an alias of anthropic\/claude-sonnet-5-5/ });
});

it('takes a dated snapshot of a listed model, and what an account vouches for, and no other', () => {
  const { resolve } = resolver(
    account('a', 'anthropic'),
    account('b', 'openai', { models: ['gpt-7-*'] }),
    account('c', 'vllm'),
  );
  assert.equal(resolve('anthropic/claude-haiku-4-5-20251001').contextTokens, 200_000);
  assert.equal(resolve('openai/gpt-7-nova').provider, 'openai');
  assert.equal(resolve('vllm/org/any-model').model, 'org/any-model');
  assert.throws(() => resolve('anthropic/claude-9'), { code: 'model_unknown' });
  assert.throws(() => resolve('openai/gpt-5.6-sol'), { code: 'model_unknown' });
  assert.throws(() => resolve('gemini/gemini-3.6-flash'), { code: 'model_unknown' });
});

it('says that there are no accounts where none is enabled', () => {
  const { resolve } = resolver(account('a', 'openai', { state: 'disabled' }));
  assert.throws(() => resolve('gpt-4'), { code: 'no_accounts' });
});

it('leaves out an account that was refused a model, for a while', async () => {
  const { directory, clock, resolve } = resolver(account('a', 'openai'), account('b', 'openai'));
  const { id } = resolve('gpt-4');
  const pool = () => directory.find(id)?.candidates;
  const ids = () => pool()?.map(({ accountId }) => accountId);
  directory.deny('a', id, clock.now() + 1000);
  assert.deepEqual(ids(), ['b']);
  // The limiter remembers what it looked up for this very array.
  assert.equal(pool(), pool());
  await clock.advance(1000);
  directory.deny('b', id, clock.now() + 1000);
  assert.deepEqual(ids(), ['a']);
  await clock.advance(1000);
  assert.deepEqual(ids(), ['a', 'b']);
});
