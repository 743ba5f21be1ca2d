import type { TestContext } from 'node:test';
import type { CallOrder, ModelInfo } from '../src/dispatch/index.ts';
import {
  createOrchestration,
  type Orchestration,
  type Principal,
  type ProjectInput,
  type Receipt,
  type RunDocument,
  terminalRunStatuses,
} from '../src/orchestration/index.ts';
import { sleep, systemClock } from '../src/platform/clock.ts';
import { silentLog } from '../src/platform/log.ts';
import type { RunEvent, Store } from '../src/platform/store/store.ts';
import { createEmbeddedCarrier } from '../src/queue/index.ts';
import { startWorkers } from '../src/workers/index.ts';
import { createTestStore } from './database.ts';
import { type FakeDispatch, fakeDispatch, modelInfo } from './fake-dispatch.ts';

export type Role =
  | 'clarifier'
  | 'planner'
  | 'worker'
  | 'comparer'
  | 'merger'
  | 'judge'
  | 'repairer';

/** What the models of a test say: by role, from the prompt. A missing role answers kindly. */
export type Script = Partial<
  Record<Role, (prompt: string, order: CallOrder) => string | Promise<string>>
>;

export const principal: Principal = { tenantId: 'default', userId: null, role: 'admin' };
export const receipt: Receipt = {
  requestId: 'req_test',
  receivedAt: Date.UTC(2026, 0, 1),
  authMethod: 'key',
  traceId: '0123456789abcdef0123456789abcdef',
};
export const threeProviders = ['openai/large', 'anthropic/large', 'deepseek/reasoner'].map((id) =>
  modelInfo(id),
);

export interface OrchestrationSetting {
  store: Store;
  dispatch: FakeDispatch;
  orchestration: Orchestration;
  accept(input?: Partial<ProjectInput>): Promise<string>;
  read(runId: string): Promise<RunDocument>;
  events(runId: string): Promise<RunEvent[]>;
  /** Resolves with the run once `done` holds; by default once it has ended. */
  until(runId: string, done?: (run: RunDocument) => boolean): Promise<RunDocument>;
}

/** An orchestrator and workers on a database of the test's own, with models that follow a script. */
export async function setUpOrchestration(
  t: TestContext,
  script: Script = {},
  given: { models?: readonly ModelInfo[]; store?: Store; workers?: boolean } = {},
): Promise<OrchestrationSetting> {
  // Hooks run in the order of their making, and what uses the store has to stop before it closes.
  const stops: (() => Promise<unknown>)[] = [];
  t.after(() => Promise.all(stops.map((stop) => stop())));
  const store = given.store ?? (await createTestStore(t));
  const dispatch = scriptedDispatch(script, given.models ?? threeProviders);
  const deps = { store, dispatch, clock: systemClock, log: silentLog };
  const orchestration = createOrchestration({ ...deps, config: { orchestrator: null } });
  const carrier = createEmbeddedCarrier({ store });
  const workers = given.workers === false ? null : startWorkers({ ...deps, carrier }, { slots: 4 });
  stops.push(orchestration.stop, async () => workers?.stop());
  await orchestration.start();
  const read = (runId: string) => orchestration.readRun(principal, runId);
  return {
    store,
    dispatch,
    orchestration,
    read,
    async accept(input = {}) {
      const project = { brief: 'Describe a mill and its wheel.', ...input };
      return (await orchestration.acceptProject(principal, project, receipt)).run_id;
    },
    events: (runId) => readAllEvents(orchestration, runId),
    async until(runId, done = hasEnded) {
      for (const deadline = Date.now() + 60_000; ; ) {
        const run = await read(runId);
        if (done(run)) return run;
        if (Date.now() > deadline) throw new Error(`The run is still ${run.status}.`);
        await sleep(systemClock, 5);
      }
    },
  };
}

export function hasEnded(run: RunDocument): boolean {
  return (terminalRunStatuses as readonly string[]).includes(run.status);
}

export async function readAllEvents(
  orchestration: Orchestration,
  runId: string,
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for (;;) {
    const after = events.at(-1)?.number ?? 0;
    const page = await orchestration.readEvents(principal, { runId, after });
    events.push(...page);
    if (page.length < 500) return events;
  }
}

export function scriptedDispatch(script: Script, models: readonly ModelInfo[]): FakeDispatch {
  return fakeDispatch(async (order) => {
    const { role, prompt } = readOrder(order);
    const text = await (script[role] ?? kindly[role])(prompt, order);
    // In small pieces, as a provider would: a line may be cut anywhere.
    for (let at = 0; order.onEvent && at < text.length; at += 37) {
      order.signal.throwIfAborted();
      await order.onEvent({ type: 'text', text: text.slice(at, at + 37) });
    }
    order.signal.throwIfAborted();
    return text;
  }, models);
}

export function readOrder(order: CallOrder): { role: Role; prompt: string } {
  const system = order.request.messages.find((message) => message.role === 'system')?.content ?? '';
  const role = /^You are Headrace's (\w+)/.exec(system)?.[1] ?? 'worker';
  return { role: role as Role, prompt: order.request.messages.at(-1)?.content ?? '' };
}

/** The content of a tag of a prompt. */
export function tagOf(prompt: string, name: string): string {
  return new RegExp(`<${name}[^>]*>\\n([\\s\\S]*?)\\n</${name}>`).exec(prompt)?.[1] ?? '';
}

export function planLine(fields: Record<string, unknown>): string {
  return JSON.stringify({
    title: `Title of ${fields['id']}`,
    instruction: `Write about ${fields['id']}.`,
    kind: 'section',
    deps: [],
    acceptance: [`It speaks of ${fields['id']}.`],
    max_tokens: 400,
    required: true,
    path: null,
    models: [],
    ...fields,
  });
}

export const criteriaLine = JSON.stringify({ criteria: ['It speaks of the wheel.'] });
export const endLine = (count: number, single: string | null = null) =>
  JSON.stringify({ end: true, count, single });

export const smallPlan = [
  criteriaLine,
  planLine({ id: 't1' }),
  planLine({ id: 't2' }),
  planLine({
    id: 't3',
    deps: [
      { id: 't1', uses: 'all' },
      { id: 't2', uses: 'all' },
    ],
  }),
  endLine(3),
].join('\n');

export function judgement(met: boolean, defects: readonly object[] = []): string {
  return JSON.stringify({
    criteria: [{ text: 'It speaks of the wheel.', met, evidence: 'The wheel turns.' }],
    verdict: met ? 'pass' : 'fail',
    defects,
  });
}

const kindly: Record<Role, (prompt: string) => string> = {
  clarifier: () => '{"questions":[]}',
  planner: () => smallPlan,
  worker: (prompt) => {
    const title = /<task title="([^"]*)"/.exec(prompt)?.[1] ?? 'Answer';
    return `## ${title}\n\nThe wheel turns. This is ${title}.`;
  },
  comparer: () =>
    '{"best":"A","scores":[],"consensus":["The wheel turns."],"contradictions":[],"unique":[],"blind_spots":[]}',
  merger: () => '## Merged\n\nThe wheel turns.',
  judge: () => judgement(true),
  repairer: () => '{"questions":[]}',
};
