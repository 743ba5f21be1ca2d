import { createId } from '../../platform/ids.ts';
import type { JsonObject } from '../../platform/json.ts';
import { appendEvents } from '../../platform/store/append-events.ts';
import { savePayload } from '../../platform/store/payloads.ts';
import type { NewEvent, Tx } from '../../platform/store/store.ts';
import type { RunSettings } from '../documents.ts';
import type { AttachedFile, Principal, Receipt } from '../orchestration.ts';
import { storableText } from '../storable.ts';
import type { KeptBudget } from './keep-for-finishing.ts';
import { titleOf } from './validate-input.ts';

export interface NewProject {
  kind: 'brief' | 'fanout';
  brief: string;
  files: readonly AttachedFile[];
  settings: RunSettings;
}

export async function insertProject(
  tx: Tx,
  principal: Principal,
  project: NewProject,
): Promise<string> {
  const { tenantId } = principal;
  const id = createId('prj');
  const brief = await savePayload(tx, tenantId, {
    mediaType: 'text/markdown; charset=utf-8',
    content: project.brief,
  });
  const files: JsonObject[] = [];
  for (const { name, mediaType, content } of project.files) {
    const payload_id = await savePayload(tx, tenantId, { mediaType, content });
    files.push({
      name: storableText(name),
      media_type: mediaType,
      bytes: content.length,
      payload_id,
    });
  }
  await tx.query(
    `INSERT INTO projects (id, tenant_id, kind, title, brief_payload, files, settings, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      tenantId,
      project.kind,
      titleOf(project.brief),
      brief,
      JSON.stringify(files),
      JSON.stringify(project.settings),
      principal.userId,
    ],
  );
  return id;
}

export interface NewRun {
  projectId: string;
  settings: RunSettings;
  simulated: boolean;
  traceId: string;
  planComplete: boolean;
  rerunOf: string | null;
  /** Of the budget, for merging and judging. */
  kept: KeptBudget;
}

export interface CreatedRun {
  id: string;
  number: number;
}

/** A queued run with its counters, its budget and the request to advance it; its time-out runs from now. */
export async function insertRun(tx: Tx, tenantId: string, run: NewRun): Promise<CreatedRun> {
  const id = createId('run');
  const { usd, tokens } = run.settings.budget;
  // Two reruns at once must not take one number: the project's row is their lock.
  await tx.query('SELECT 1 FROM projects WHERE id = $1 FOR NO KEY UPDATE', [run.projectId]);
  const [row] = await tx.query<{ number: number }>(
    `INSERT INTO runs (id, tenant_id, project_id, number, status, simulated, settings, trace_id,
       plan_complete, rerun_of, deadline_at)
     VALUES ($1, $2, $3, (SELECT coalesce(max(number), 0) + 1 FROM runs WHERE project_id = $3),
       'queued', $4, $5, $6, $7, $8, headrace_now() + $9 * interval '1 millisecond')
     RETURNING number`,
    [
      id,
      tenantId,
      run.projectId,
      run.simulated,
      JSON.stringify(run.settings),
      run.traceId,
      run.planComplete,
      run.rerunOf,
      run.settings.timeout_ms,
    ],
  );
  await tx.query('INSERT INTO run_counters (run_id, tenant_id) VALUES ($1, $2)', [id, tenantId]);
  await tx.query(
    `INSERT INTO budgets (run_id, tenant_id, limit_nano_usd, limit_tokens, kept_nano_usd, kept_tokens)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      id,
      tenantId,
      usd === null ? null : Math.round(usd * 1e9),
      tokens,
      run.kept.nanoUsd,
      run.kept.tokens,
    ],
  );
  await tx.query('INSERT INTO advances (run_id, tenant_id) VALUES ($1, $2)', [id, tenantId]);
  return { id, number: row?.number ?? 1 };
}

/** Steps ①–④, from what the gateway knows of the request; `more` is appended behind them. */
export async function recordAcceptance(
  tx: Tx,
  accepted: { runId: string; principal: Principal; receipt: Receipt; facts: JsonObject },
  more: readonly NewEvent[] = [],
): Promise<void> {
  const { runId, principal, receipt, facts } = accepted;
  await appendEvents(tx, runId, [
    {
      type: 'request.received',
      data: {
        request_id: receipt.requestId,
        received_at: new Date(receipt.receivedAt).toISOString(),
        trace_id: receipt.traceId,
      },
    },
    { type: 'auth.asked', data: { request_id: receipt.requestId, method: receipt.authMethod } },
    { type: 'token.checked', data: { method: receipt.authMethod, role: principal.role } },
    { type: 'run.accepted', data: facts },
    ...more,
  ]);
}
