import type { TestContext } from 'node:test';
import type { Principal } from '../auth/index.ts';
import type {
  AccountDesk,
  CallOrder,
  CallOutcome,
  Dispatch,
  ModelInfo,
  ProviderDesk,
} from '../dispatch/index.ts';
import type { Orchestration, RunDocument } from '../orchestration/index.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { silentLog } from '../platform/log.ts';
import { type EventType, stepOf } from '../platform/steps.ts';
import type { RunEvent, Store } from '../platform/store/store.ts';
import { createGateway, type Gateway } from './create-gateway.ts';
import type { GatewayAuth, GatewayDeps } from './gateway-deps.ts';

export const memberKey = { authorization: 'Bearer member' };
export const adminKey = { authorization: 'Bearer admin' };

/** What a test does not set throws, so that a route cannot use a dependency unnoticed. */
function unset<Port extends object>(name: string, given: Partial<Port>): Port {
  return new Proxy(given, {
    get(target, property) {
      if (property in target) return Reflect.get(target, property);
      throw new Error(`${name}.${String(property)} is not set in this test`);
    },
  }) as Port;
}

export interface Fakes {
  orchestration?: Partial<Orchestration>;
  dispatch?: Partial<Dispatch>;
  accounts?: Partial<AccountDesk>;
  providers?: Partial<ProviderDesk>;
  auth?: Partial<GatewayAuth>;
  store?: Store;
  clock?: Clock;
  deps?: Partial<GatewayDeps>;
}

/** A gateway over fakes, closed when the test ends. */
export async function createTestGateway(
  t: Pick<TestContext, 'after'>,
  fakes: Fakes = {},
): Promise<Gateway> {
  const gateway = await createGateway({
    orchestration: unset<Orchestration>('orchestration', fakes.orchestration ?? {}),
    dispatch: unset<Dispatch>('dispatch', { models: () => [fakeModel()], ...fakes.dispatch }),
    auth: unset<GatewayAuth>('auth', { authenticate, ...fakes.auth }),
    store: fakes.store ?? createFakeStore().store,
    clock: fakes.clock ?? systemClock,
    log: silentLog,
    providers: unset<ProviderDesk>('providers', fakes.providers ?? {}),
    accounts: unset<AccountDesk>('accounts', fakes.accounts ?? {}),
    ...fakes.deps,
  });
  t.after(() => gateway.close());
  return gateway;
}

async function authenticate(headers: { authorization?: string | undefined }): Promise<Principal> {
  const known = { tenantId: 'default', keyId: 'key_1', name: 'test', method: 'key' } as const;
  if (headers.authorization === memberKey.authorization) {
    return { ...known, userId: 'usr_m', role: 'member' };
  }
  if (headers.authorization === adminKey.authorization) {
    return { ...known, userId: null, role: 'admin' };
  }
  throw new HeadraceError('unauthenticated');
}

/** Hints work, transactions do not: tests of what is stored use a database. */
export function createFakeStore() {
  const hearers = new Set<(payload: string) => void>();
  const store = unset<Store>('store', {
    ping: async () => undefined,
    listen(_channel, hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
  });
  return {
    store,
    hearers,
    hint(runId: string) {
      for (const hear of hearers) hear(runId);
    },
  };
}

export function fakeModel(given: Partial<ModelInfo> = {}): ModelInfo {
  return {
    id: 'openai/gpt-5.6-sol',
    provider: 'openai',
    model: 'gpt-5.6-sol',
    family: 'openai',
    contextTokens: 400_000,
    maxOutputTokens: 128_000,
    inputUsdPerMillion: 1,
    outputUsdPerMillion: 8,
    dearestUsdPerMillion: { input: 1, output: 8 },
    simulated: false,
    tier: 3,
    ...given,
  };
}

export function fakeRun(given: Partial<RunDocument> = {}): RunDocument {
  return {
    id: 'run_1',
    project_id: 'prj_1',
    number: 1,
    status: 'running',
    simulated: true,
    rounds: 0,
    started_at: '2026-01-01T00:00:00.000Z',
    finished_at: null,
    clarifications: [],
    answers_due_at: null,
    plan: { single: null, note: null },
    tasks: [],
    merge_report: [],
    verdict: null,
    confidence: null,
    usage: { input_tokens: 0, output_tokens: 0, cost_usd: 0 },
    artifacts: [],
    result: null,
    ...given,
  };
}

export function fakeEvent(number: number, type: EventType = 'task.ready'): RunEvent {
  return {
    number,
    run_id: 'run_1',
    at: Date.UTC(2026, 0, 1) + number,
    type,
    step: stepOf(type),
    task_id: null,
    attempt_id: null,
    data: {},
  };
}

export function fakeOutcome(order: CallOrder, text: string): CallOutcome {
  return {
    answer: {
      id: 'answer-1',
      model: 'gpt-5.6-sol',
      text,
      reasoning: '',
      finishReason: 'stop',
      usage: { input: 10, output: 5, cachedInput: 0, cacheWriteInput: 0, reasoning: 0 },
    },
    provider: 'openai',
    model: order.models[0]?.split('/')[1] ?? '',
    accountId: 'openai-team-a',
    attemptId: 'att_1',
    attempts: 2,
    simulated: true,
    costNanoUsd: 50_000,
  };
}
