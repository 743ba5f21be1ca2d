import { createId } from '../src/platform/ids.ts';
import { appendEvents } from '../src/platform/store/append-events.ts';
import { savePayload } from '../src/platform/store/payloads.ts';
import type { Store } from '../src/platform/store/store.ts';
import {
  assignTasks,
  type Claim,
  claimTasks,
  type NewTask,
  readTask,
  storeTasks,
  type TaskMessage,
} from '../src/queue/index.ts';

export interface SeededRun {
  runId: string;
  projectId: string;
  tenantId: string;
}

export interface RunSeed {
  kind?: 'brief' | 'fanout';
  brief?: string;
  settings?: Record<string, unknown>;
  status?: string;
  files?: { name: string; mediaType: string; content: Buffer | string }[];
  clarifications?: { question: string; default: string; answer: string | null }[];
  deadlineAt?: Date;
  tasks?: NewTask[];
}

/** A running run of the default tenant with its project, counters and budget, and these tasks. */
export function seedRun(store: Store, seed: RunSeed = {}): Promise<SeededRun> {
  const [runId, projectId, tenantId] = [createId('run'), createId('prj'), 'default'];
  return store.transaction('system', async (tx) => {
    const content = seed.brief ?? 'Describe a mill.';
    const brief = await savePayload(tx, tenantId, { mediaType: 'text/plain', content });
    const files: unknown[] = [];
    for (const file of seed.files ?? []) {
      const payload_id = await savePayload(tx, tenantId, file);
      const bytes = Buffer.byteLength(file.content);
      files.push({ name: file.name, media_type: file.mediaType, bytes, payload_id });
    }
    await tx.query(
      `INSERT INTO projects (id, tenant_id, kind, title, brief_payload, files, settings)
       VALUES ($1, $2, $3, 'A project', $4, $5, '{}')`,
      [projectId, tenantId, seed.kind ?? 'brief', brief, JSON.stringify(files)],
    );
    await tx.query(
      `INSERT INTO runs (id, tenant_id, project_id, number, status, simulated, settings, clarifications, trace_id, deadline_at)
       VALUES ($1, $2, $3, 1, $4, true, $5, $6, 'trace', $7)`,
      [
        runId,
        tenantId,
        projectId,
        seed.status ?? 'running',
        JSON.stringify(seed.settings ?? {}),
        JSON.stringify(seed.clarifications ?? []),
        seed.deadlineAt ?? null,
      ],
    );
    await tx.query('INSERT INTO run_counters (run_id, tenant_id) VALUES ($1, $2)', [
      runId,
      tenantId,
    ]);
    await tx.query('INSERT INTO budgets (run_id, tenant_id) VALUES ($1, $2)', [runId, tenantId]);
    await storeTasks(tx, { runId, tenantId }, seed.tasks ?? []);
    return { runId, projectId, tenantId };
  });
}

/** A ready section task; give what matters to the test. */
export function newTask(task: Partial<NewTask> = {}): NewTask {
  return {
    id: createId('tsk'),
    key: 't1',
    kind: 'section',
    title: 'The wheel',
    instruction: 'Describe the wheel.',
    dependsOn: [],
    required: true,
    acceptance: [],
    rework: [],
    artifactPath: null,
    outputSchema: null,
    maxTokens: 800,
    models: [],
    memberOf: null,
    supersedes: null,
    lane: 'standard',
    criticalPath: 800,
    status: 'ready',
    ...task,
  };
}

/** Sets the database's clock (`headrace_now()`), which then stands still until it is set again. */
export async function setDatabaseTime(store: Store, at: number): Promise<void> {
  await store.transaction('system', async (tx) => {
    await tx.query('DELETE FROM simulated_clock');
    await tx.query('INSERT INTO simulated_clock (now) VALUES ($1)', [new Date(at)]);
  });
}

/** Claims one announced task; `null` where its message is stale. */
export async function claimTask(
  deps: { store: Store },
  message: TaskMessage,
  workerId: string,
): Promise<Claim | null> {
  const [claim] = await claimTasks(deps, [message], workerId);
  return claim ?? null;
}

/** Assigns a ready task and claims it, as the balancer and a worker would. */
export async function assignAndClaim(
  store: Store,
  taskId: string,
  { provider = 'openai', workerId = 'wrk_1' } = {},
): Promise<Claim> {
  const message = await assign(store, taskId, provider);
  const claim = await claimTask({ store }, message, workerId);
  if (!claim) throw new Error(`The claim on ${taskId} was refused.`);
  return claim;
}

/** Assigns a ready task; answers the message that announces it. */
export async function assign(
  store: Store,
  taskId: string,
  provider = 'openai',
): Promise<TaskMessage> {
  return await store.transaction('system', async (tx) => {
    const [assigned] = await assignTasks(tx, [{ taskId, provider, model: `${provider}/model` }]);
    if (!assigned) throw new Error(`The task ${taskId} is not ready.`);
    await appendEvents(tx, assigned.runId, assigned.events);
    const task = await readTask(tx, taskId);
    if (!task) throw new Error(`The task ${taskId} is gone.`);
    return {
      task_id: taskId,
      run_id: assigned.runId,
      tenant_id: task.tenantId,
      assignment: assigned.number,
      provider,
      lane: task.lane,
    };
  });
}

/** The types of a run's events, in order. */
export async function eventTypes(store: Store, runId: string): Promise<string[]> {
  const rows = await store.transaction('system', (tx) =>
    tx.query<{ type: string }>('SELECT type FROM run_events WHERE run_id = $1 ORDER BY number', [
      runId,
    ]),
  );
  return rows.map((row) => row.type);
}

/** Opens an attempt under a claim and reserves for it, as dispatch does before a wire call. */
export async function openAttempt(
  store: Store,
  claim: Claim,
  reserved = { nanoUsd: 5_000, inputTokens: 300, outputTokens: 800 },
): Promise<string> {
  const id = createId('att');
  const { task, fencingToken } = claim;
  await store.transaction('system', async (tx) => {
    await tx.query(
      `INSERT INTO attempts (id, tenant_id, run_id, task_id, fencing_token, number, provider, model, account_id,
         credential_id, simulated, reserved_input_tokens, reserved_output_tokens, reserved_nano_usd)
       VALUES ($1, $2, $3, $4, $5, 1, 'openai', 'model', 'acc', 'k1', true, $6, $7, $8)`,
      [
        id,
        task.tenantId,
        task.runId,
        task.id,
        fencingToken,
        reserved.inputTokens,
        reserved.outputTokens,
        reserved.nanoUsd,
      ],
    );
    await tx.query(
      `UPDATE budgets SET reserved_nano_usd = reserved_nano_usd + $2, reserved_tokens = reserved_tokens + $3
       WHERE run_id = $1`,
      [task.runId, reserved.nanoUsd, reserved.inputTokens + reserved.outputTokens],
    );
  });
  return id;
}
