import { forgetAnswers, type ModelInfo } from '../../dispatch/index.ts';
import { appendEvents } from '../../platform/store/append-events.ts';
import type { NewEvent, Tx } from '../../platform/store/store.ts';
import { type NewTask, readTasksById, settleTasks, storeTasks } from '../../queue/index.ts';
import type { Decision, RunPatch, Supersession } from '../machine/state.ts';
import { preferOtherFamily } from './prefer-other-family.ts';

/** Writes everything that was decided about a run, its events last. */
export async function writeDecision(
  tx: Tx,
  run: { runId: string; tenantId: string; models: readonly ModelInfo[] },
  decision: Decision,
): Promise<void> {
  const settled = await settleTasks(tx, decision.settle);
  await patchRun(tx, run.runId, decision.patch);
  if (decision.keepResultOf) await keepResult(tx, run.runId, decision.keepResultOf);
  const successors = await writeSuccessors(tx, decision.supersede, run.models);
  const stored = await storeTasks(tx, run, [...successors, ...decision.store]);
  if (decision.patch.finishedAt) await forgetAnswers(tx, run.runId);
  await appendEvents(tx, run.runId, orderEvents(decision.events, settled.events, stored.events));
}

/** Whether there is anything to write at all. */
export function decidesNothing(decision: Decision): boolean {
  return (
    decision.events.length === 0 &&
    decision.settle.length === 0 &&
    decision.store.length === 0 &&
    decision.supersede.length === 0 &&
    Object.keys(decision.patch).length === 0
  );
}

/** What was found out, then what it does to tasks, then the run's own change: a terminal event is the last. */
function orderEvents(
  decided: readonly NewEvent[],
  settled: readonly NewEvent[],
  stored: readonly NewEvent[],
): NewEvent[] {
  const ofRun = (event: NewEvent) => event.type.startsWith('run.');
  return [
    ...decided.filter((event) => !ofRun(event)),
    ...settled,
    ...stored,
    ...decided.filter(ofRun),
  ];
}

const columns: Record<keyof RunPatch, { column: string; write: (value: unknown) => unknown }> = {
  status: { column: 'status', write: (value) => value },
  pausedFrom: { column: 'paused_from', write: (value) => value },
  clarifications: { column: 'clarifications', write: JSON.stringify },
  answersDueAt: { column: 'answers_due_at', write: toDate },
  planComplete: { column: 'plan_complete', write: (value) => value },
  rounds: { column: 'rounds', write: (value) => value },
  verdict: { column: 'verdict', write: JSON.stringify },
  failure: { column: 'failure', write: (value) => (value === null ? null : JSON.stringify(value)) },
  startedAt: { column: 'started_at', write: toDate },
  finishedAt: { column: 'finished_at', write: toDate },
  deadlineAt: { column: 'deadline_at', write: toDate },
};

function toDate(value: unknown): Date | null {
  return typeof value === 'number' ? new Date(value) : null;
}

async function patchRun(tx: Tx, runId: string, patch: RunPatch): Promise<void> {
  const entries = Object.entries(patch) as [keyof RunPatch, unknown][];
  if (entries.length === 0) return;
  const sets = entries.map(([field], index) => `${columns[field].column} = $${index + 2}`);
  await tx.query(`UPDATE runs SET version = version + 1, ${sets.join(', ')} WHERE id = $1`, [
    runId,
    ...entries.map(([field, value]) => columns[field].write(value)),
  ]);
}

/** The result lies in a payload already; the run only has to point at it. */
async function keepResult(tx: Tx, runId: string, taskId: string): Promise<void> {
  await tx.query(
    `UPDATE runs r SET result_payload = t.output_meta->'finding'->>'result_payload',
       merge_report = coalesce(t.output_meta->'finding'->'report', '[]'),
       artifacts = coalesce(t.output_meta->'finding'->'artifacts', '[]'),
       confidence = t.output_meta->'finding'->'confidence'
     FROM tasks t WHERE r.id = $1 AND t.id = $2 AND t.run_id = $1`,
    [runId, taskId],
  );
}

async function writeSuccessors(
  tx: Tx,
  changes: readonly Supersession[],
  allowed: readonly ModelInfo[],
): Promise<NewTask[]> {
  const old = await readTasksById(
    tx,
    changes.map((change) => change.supersedes),
  );
  const byId = new Map(old.map((task) => [task.id, task]));
  return changes.flatMap((change) => {
    const task = byId.get(change.supersedes);
    if (!task) return [];
    const { key, title, instruction, required, acceptance, artifactPath, outputSchema } = task;
    const own = task.kind === 'panel' ? [] : task.models;
    const { id, kind, dependsOn, rework, status, supersedes } = change;
    return {
      ...{ id, key, kind, title, instruction, dependsOn, required, acceptance, rework },
      ...{ artifactPath, outputSchema, supersedes, status },
      maxTokens: task.maxTokens,
      models: change.rework.length > 0 ? preferOtherFamily(task, allowed) : own,
      memberOf: null,
      lane: task.lane,
      criticalPath: task.criticalPath,
    };
  });
}
