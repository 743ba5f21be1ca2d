import type { Dispatch } from '../../dispatch/index.ts';
import type { Tx } from '../../platform/store/store.ts';
import type {
  Dependency,
  ReworkNote,
  TaskFailure,
  TaskKind,
  TaskStatus,
} from '../../queue/index.ts';
import type { Verdict } from '../../results/index.ts';
import type { BudgetRow } from '../budget/budget-row.ts';
import { boundSpeculation } from '../budget/plannable-tokens.ts';
import type { RunFailure, RunSettings, RunStatus } from '../documents.ts';
import type { Finding, RunState, Snapshot, StoredClarification } from '../machine/state.ts';
import { noSuchRun } from '../no-such-run.ts';

/** A run whose row this transaction has locked. */
export interface LockedRun extends BudgetRow {
  id: string;
  tenant_id: string;
  kind: RunState['kind'];
  status: RunStatus;
  paused_from: RunStatus | null;
  settings: RunSettings;
  clarifications: StoredClarification[];
  answers_due_at: Date | null;
  plan_complete: boolean;
  rounds: number;
  verdict: Verdict | null;
  failure: RunFailure | null;
  started_at: Date | null;
  deadline_at: Date | null;
  now: Date;
}

interface TaskRow {
  id: string;
  key: string;
  kind: TaskKind;
  title: string;
  status: TaskStatus;
  required: boolean;
  depends_on: Dependency[];
  member_of: string | null;
  supersedes: string | null;
  artifact: boolean;
  max_tokens: number;
  critical_path: number;
  rework: ReworkNote[];
  failure: TaskFailure | null;
  finding: Finding | null;
}

/**
 * Locks a run against other advances and commands. The lock lets others refer to the run (NO KEY): every
 * worker's event does, and waiting for them while they wait for a task of ours would be a deadlock.
 */
export async function lockRun(tx: Tx, runId: string): Promise<LockedRun> {
  const [row] = await tx.query<LockedRun>(
    `SELECT r.id, r.tenant_id, p.kind, r.status, r.paused_from, r.settings, r.clarifications,
       r.answers_due_at, r.plan_complete, r.rounds, r.verdict, r.failure, r.started_at, r.deadline_at,
       headrace_now() AS now, b.limit_nano_usd, b.limit_tokens, b.reserved_nano_usd, b.reserved_tokens,
       b.spent_nano_usd, b.spent_tokens, b.kept_nano_usd, b.kept_tokens
     FROM runs r JOIN projects p ON p.id = r.project_id LEFT JOIN budgets b ON b.run_id = r.id
     WHERE r.id = $1 FOR NO KEY UPDATE OF r`,
    [runId],
  );
  if (!row) throw noSuchRun(runId);
  return row;
}

/** What the machine needs to know of a locked run: no output, no event. */
export async function readSnapshot(
  tx: Tx,
  run: LockedRun,
  dispatch: Pick<Dispatch, 'models'>,
): Promise<Snapshot> {
  const tasks = await tx.query<TaskRow>(
    `SELECT id, key, kind, title, status, required, depends_on, member_of, supersedes,
       artifact_path IS NOT NULL AS artifact, max_tokens, critical_path, rework, failure,
       (output_meta->'finding') - '{report,artifacts,confidence}'::text[] AS finding
     FROM tasks WHERE run_id = $1 ORDER BY ordinal`,
    [run.id],
  );
  return {
    run: runOfRow(run),
    tasks: tasks.map(taskOfRow),
    speculation: boundSpeculation(run, run.settings, dispatch),
  };
}

function runOfRow(row: LockedRun): RunState {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    pausedFrom: row.paused_from,
    settings: row.settings,
    clarifications: row.clarifications,
    answersDueAt: row.answers_due_at?.getTime() ?? null,
    planComplete: row.plan_complete,
    rounds: row.rounds,
    verdict: row.verdict,
    failure: row.failure,
    startedAt: row.started_at?.getTime() ?? null,
    deadlineAt: row.deadline_at?.getTime() ?? null,
  };
}

function taskOfRow(row: TaskRow) {
  return {
    id: row.id,
    key: row.key,
    kind: row.kind,
    title: row.title,
    status: row.status,
    required: row.required,
    dependsOn: row.depends_on,
    memberOf: row.member_of,
    supersedes: row.supersedes,
    artifact: row.artifact,
    maxTokens: row.max_tokens,
    criticalPath: row.critical_path,
    rework: row.rework,
    failure: row.failure,
    finding: row.finding,
  };
}
