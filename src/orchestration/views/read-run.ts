import type { Tx } from '../../platform/store/store.ts';
import { readTasks, type Task } from '../../queue/index.ts';
import type { Confidence, MergeReportEntry, Verdict } from '../../results/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type {
  AttemptDocument,
  RunDocument,
  RunFailure,
  RunStatus,
  TaskDocument,
} from '../documents.ts';
import type { StoredClarification } from '../machine/state.ts';
import { noSuchRun } from '../no-such-run.ts';
import type { Principal } from '../orchestration.ts';
import type { StoredArtifact } from '../stored-artifact.ts';
import { completeReport } from './complete-report.ts';
import { isoOf } from './list-runs.ts';
import { panelDocument } from './panel-document.ts';
import { readAttempts } from './read-attempts.ts';
import { type UsageRow, usageColumns, usageOfRow } from './usage.ts';

interface RunRow extends UsageRow {
  id: string;
  project_id: string;
  number: number;
  status: RunStatus;
  simulated: boolean;
  rounds: number;
  started_at: Date | null;
  finished_at: Date | null;
  clarifications: StoredClarification[];
  answers_due_at: Date | null;
  plan_single: string | null;
  plan_note: string | null;
  merge_report: MergeReportEntry[];
  verdict: Verdict | null;
  confidence: Confidence | null;
  artifacts: StoredArtifact[];
  result: string | null;
  failure: RunFailure | null;
}

/** A run as far as it has come. Throws `not_found`. */
export async function readRun(
  deps: Pick<OrchestrationDeps, 'store'>,
  principal: Principal,
  runId: string,
): Promise<RunDocument> {
  const { tenantId } = principal;
  return await deps.store.transaction({ tenantId }, async (tx) => {
    const row = await readRow(tx, runId);
    const tasks = await readTasks(tx, runId);
    const attempts = await readAttempts(tx, runId);
    const { id, project_id, number, status, simulated, rounds } = row;
    return {
      ...{ id, project_id, number, status, simulated, rounds },
      started_at: isoOf(row.started_at),
      finished_at: isoOf(row.finished_at),
      clarifications: row.clarifications.map(({ question, answer, source }, index) => ({
        ...{ index, question, answer, source },
      })),
      answers_due_at: status === 'awaiting_input' ? isoOf(row.answers_due_at) : null,
      plan: { single: row.plan_single, note: row.plan_note },
      tasks: tasks.map((task) => taskDocument(task, attempts.get(task.id) ?? [])),
      merge_report: completeReport(row.merge_report, tasks),
      verdict: row.verdict,
      confidence: row.confidence,
      usage: usageOfRow(row),
      artifacts: row.artifacts.map(({ path, media_type, bytes, sha256, task_id }) => ({
        ...{ path, media_type, bytes, sha256, task_id },
      })),
      result: row.result,
      ...(row.failure ? { failure: row.failure } : {}),
    };
  });
}

async function readRow(tx: Tx, runId: string): Promise<RunRow> {
  const [row] = await tx.query<RunRow>(
    `SELECT r.id, r.project_id, r.number, r.status, r.simulated, r.rounds, r.started_at, r.finished_at,
       r.clarifications, r.answers_due_at, r.plan_single, r.plan_note, r.merge_report, r.verdict, r.confidence, r.artifacts, r.failure,
       convert_from(p.content, 'UTF8') AS result,
       u.input_tokens, u.output_tokens, u.cost_nano_usd, u.unpriced
     FROM runs r LEFT JOIN payloads p ON p.id = r.result_payload
       LEFT JOIN LATERAL (SELECT ${usageColumns} FROM attempts a WHERE a.run_id = r.id) u ON true
     WHERE r.id = $1`,
    [runId],
  );
  if (!row) throw noSuchRun(runId);
  return row;
}

function taskDocument(task: Task, attempts: AttemptDocument[]): TaskDocument {
  const { id, title, kind, lane, status, output } = task;
  const panel = panelDocument(task);
  return {
    ...{ id, title, kind },
    depends_on: task.dependsOn.map((dependency) => dependency.id),
    ...{ lane, status, attempts, output },
    ...(panel ? { panel } : {}),
  };
}
