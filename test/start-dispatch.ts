import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { SimulatedAccount } from '../simulator/index.ts';
import { type AccountSpec, createVault, syncAccounts } from '../src/accounts/index.ts';
import {
  type CallOrder,
  createDispatch,
  type DispatchDeps,
  type RunningDispatch,
} from '../src/dispatch/index.ts';
import { systemClock } from '../src/platform/clock.ts';
import { silentLog } from '../src/platform/log.ts';
import { createRandom } from '../src/platform/random.ts';
import type { Store } from '../src/platform/store/store.ts';
import { createTestStore } from './database.ts';

export interface StartedDispatch {
  dispatch: RunningDispatch;
  store: Store;
}

export interface DispatchSetUp extends Partial<Omit<DispatchDeps, 'config' | 'vault'>> {
  accounts: readonly AccountSpec[];
  config?: Partial<DispatchDeps['config']>;
}

/** A dispatch over these accounts, on a database of its own; closed when the test ends. */
export async function startDispatch(
  t: TestContext,
  setUp: DispatchSetUp,
): Promise<StartedDispatch> {
  const { accounts, config, ...deps } = setUp;
  const store = deps.store ?? (await createTestStore(t));
  const vault = createVault(randomBytes(32));
  await syncAccounts({ store, vault }, accounts);
  const dispatch = await createDispatch({
    clock: systemClock,
    random: createRandom(1),
    log: silentLog,
    ...deps,
    store,
    vault,
    config: { aliases: {}, prices: {}, providers: [], upstreamAllowCidrs: [], ...config },
  });
  t.after(() => dispatch.close());
  return { dispatch, store };
}

export function simulatedSpecs(accounts: readonly SimulatedAccount[]): AccountSpec[] {
  return accounts.map((account) => ({
    id: account.id,
    provider: account.provider,
    ownerEmail: null,
    entitlement: 'simulated',
    baseUrl: account.base_url,
    models: account.models,
    credentials: [{ id: 'k1', secret: account.secret }],
    limits: account.limits,
    weight: 1,
    priceFactor: 1,
    managedBy: 'simulation',
  }));
}

/** A client's request to one model; give what matters to the test. */
export function newOrder(order: Partial<CallOrder> = {}): CallOrder {
  return {
    models: ['openai/gpt-5.6-sol'],
    request: {
      messages: [{ role: 'user', content: 'Describe a water mill in three sentences.' }],
      maxOutputTokens: 400,
    },
    tenantId: 'default',
    lane: 'standard',
    owner: { requestId: 'req_test' },
    deadlineAt: Date.now() + 30_000,
    signal: new AbortController().signal,
    ...order,
  };
}
