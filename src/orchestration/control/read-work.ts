import type { Tx } from '../../platform/store/store.ts';
import { readTasks, type Task } from '../../queue/index.ts';
import type { AnsweredTask, Commission, MergeReportEntry } from '../../results/index.ts';
import { modelId } from '../model-id.ts';
import type { ControlJob } from './control-job.ts';
import { orderForReading } from './order-for-reading.ts';

export interface Work {
  /** The current revision of the plan's tasks in reading order, panels without their members. */
  tasks: Task[];
  /** Tasks whose place another one took. */
  replaced: { task: Task; by: Task }[];
  /** Every task of the run by its id. */
  byId: ReadonlyMap<string, Task>;
}

const work = new Set(['section', 'file', 'research', 'panel']);

/** The plan's tasks with their outputs. A successor stands where the task stood whose place it took. */
export async function readWork(tx: Tx, runId: string): Promise<Work> {
  const all = await readTasks(tx, runId);
  const byId = new Map(all.map((task) => [task.id, task]));
  const successor = new Map(
    all.flatMap((task) => (task.supersedes ? [[task.supersedes, task]] : [])),
  );
  const place = (task: Task): number => {
    const before = task.supersedes ? byId.get(task.supersedes) : undefined;
    return before ? place(before) : task.ordinal;
  };
  const planned = all.filter((task) => work.has(task.kind));
  const [run] = await tx.query<{ reading_order: string[] }>(
    'SELECT reading_order FROM runs WHERE id = $1',
    [runId],
  );
  return {
    tasks: orderForReading(
      planned
        .filter((task) => !successor.has(task.id) && task.status !== 'superseded')
        .sort((one, other) => place(one) - place(other)),
      run?.reading_order ?? [],
    ),
    replaced: planned.flatMap((task) => {
      const by = successor.get(task.id);
      return by ? [{ task, by }] : [];
    }),
    byId,
  };
}

/** Tasks as merging and judging see them: a panel is the section or file that it answered. */
export function answeredTasks({ tasks, byId }: Work): AnsweredTask[] {
  return tasks.map((task) => ({
    id: task.id,
    key: task.key,
    title: task.title,
    kind: kindOf(task),
    instruction: task.instruction,
    acceptance: task.acceptance,
    artifactPath: task.artifactPath,
    dependsOn: inputsOf(task, byId),
    required: task.required,
    output: task.status === 'succeeded' ? task.output : null,
    brokeOff: task.outputMeta?.finish_reason === 'length',
    failure: explainFailure(task),
    model: task.outputMeta ? modelId(task.outputMeta) : null,
    confidence: null,
  }));
}

function kindOf(task: Task): string {
  if (task.kind !== 'panel') return task.kind;
  return task.artifactPath === null ? 'section' : 'file';
}

/** A panel read what its members read. */
function inputsOf(task: Task, byId: ReadonlyMap<string, Task>): string[] {
  const ids = task.dependsOn.map((dependency) => dependency.id);
  if (task.kind !== 'panel') return ids;
  return [...new Set(ids.flatMap((id) => byId.get(id)?.dependsOn.map((dep) => dep.id) ?? []))];
}

function explainFailure(task: Task): string | null {
  if (task.status === 'succeeded') return null;
  if (task.failure) return task.failure.message;
  return task.status === 'cancelled'
    ? 'It was not run: an input that it needs failed, or the run was cut short.'
    : `It is ${task.status}.`;
}

/** What became of answers that rework replaced. */
export function reportReplaced({ replaced }: Work): MergeReportEntry[] {
  return replaced.map(({ task, by }) => ({
    task_id: task.id,
    disposition: 'superseded',
    reason: `Rework replaced it by a new answer (${by.id}).`,
    spans: [],
  }));
}

/** What was asked, with the criteria that the plan fixed or, where it gave none, those of its tasks. */
export function commissionOf(job: ControlJob, tasks: readonly AnsweredTask[]): Commission {
  return {
    brief: job.context.brief,
    clarifications: job.context.clarifications,
    criteria: job.criteria.length > 0 ? job.criteria : deriveCriteria(tasks),
  };
}

const mostDerived = 12;

function deriveCriteria(tasks: readonly AnsweredTask[]): string[] {
  const derived = tasks
    .filter((task) => task.required)
    .flatMap((task) => task.acceptance.slice(0, 1).map((text) => `${task.title}: ${text}`));
  return derived.length > 0
    ? derived.slice(0, mostDerived)
    : ['The result answers everything that the brief asks for.'];
}
