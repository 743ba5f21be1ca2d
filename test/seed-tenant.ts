import { createId, createTraceId } from '../src/platform/ids.ts';
import type { Store } from '../src/platform/store/store.ts';

export interface SeededTenant {
  tenantId: string;
  projectId: string;
  runId: string;
  taskId: string;
}

/** Makes a tenant with one row in every table that tenants own; the run's last event has the number 1. */
export async function seedTenant(store: Store, tenantId: string): Promise<SeededTenant> {
  const seeded = {
    tenantId,
    projectId: createId('prj'),
    runId: createId('run'),
    taskId: createId('tsk'),
  };
  await store.transaction('system', async (tx) => {
    for (const [table, row] of Object.entries(oneRowEach(seeded))) {
      const owned = table === 'tenants' ? row : { tenant_id: tenantId, ...row };
      const columns = Object.keys(owned);
      const places = columns.map((_, index) => `$${index + 1}`);
      await tx.query(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
        Object.values(owned),
      );
    }
  });
  return seeded;
}

/** Tables in an order in which each row finds those it refers to. */
function oneRowEach(seeded: SeededTenant): Record<string, Record<string, unknown>> {
  const { tenantId, projectId, runId, taskId } = seeded;
  const payloadId = createId('pay');
  return {
    tenants: { id: tenantId, name: tenantId },
    users: { id: createId('usr'), name: createId('usr'), password_hash: '-', role: 'member' },
    keys: {
      ...{ id: createId('key'), name: 'k', prefix: 'hr_', role: 'member' },
      hash: Buffer.from(tenantId),
    },
    payloads: { id: payloadId, media_type: 'text/plain', bytes: 1, sha256: '', content: 'a' },
    projects: {
      id: projectId,
      kind: 'brief',
      title: 't',
      brief_payload: payloadId,
      settings: '{}',
    },
    runs: {
      id: runId,
      project_id: projectId,
      number: 1,
      status: 'running',
      simulated: true,
      settings: '{}',
      trace_id: createTraceId(),
    },
    run_counters: { run_id: runId, last_event: 1 },
    run_events: { run_id: runId, number: 1, at: new Date(0), type: 'run.accepted' },
    tasks: {
      id: taskId,
      run_id: runId,
      ordinal: 1,
      key: 't1',
      kind: 'section',
      title: 't',
      instruction: 'i',
      max_tokens: 100,
      lane: 'standard',
      status: 'ready',
    },
    attempts: {
      id: `att_${taskId}`,
      run_id: runId,
      task_id: taskId,
      number: 1,
      provider: 'openai',
      model: 'm',
      account_id: 'a',
      credential_id: 'k1',
      simulated: true,
      reserved_input_tokens: 1,
      reserved_output_tokens: 1,
    },
    outcomes: { task_id: taskId, run_id: runId, simulated: true, features: '[]' },
    kept_answers: {
      ...{ task_id: taskId, run_id: runId, attempt_id: `att_${taskId}`, name: 'n', answer: '{}' },
    },
    budgets: { run_id: runId },
    outbox: {
      ...{ task_id: taskId, run_id: runId, assignment: 1, provider: 'openai', lane: 'standard' },
    },
    advances: { run_id: runId },
    idempotency_keys: { route: '/api/v1/projects', key: 'k', body_hash: 'h' },
  };
}
