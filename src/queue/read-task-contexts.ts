import type { JsonObject } from '../platform/json.ts';
import type { Tx } from '../platform/store/store.ts';
import type { QueueDeps } from './queue-deps.ts';
import { readTasksById } from './read-tasks.ts';
import type { Claim, Dependency, Task } from './task.ts';

/** All that a worker needs beside the task itself to write its prompt. */
export interface TaskContext {
  /** The task as claimed. */
  task: Task;
  /** `fanout`: the brief goes to the model as it is, without any framing. */
  projectKind: 'brief' | 'fanout';
  brief: string;
  files: ContextFile[];
  clarifications: { question: string; answer: string }[];
  /** The tasks that this one depends on, in the order in which it names them. */
  inputs: ContextInput[];
  /** The output that this task is to mend; `null` for a first answer. */
  superseded: string | null;
  /** The run's settings as accepted (`temperature`, `max_tokens`, …). */
  settings: JsonObject;
  traceId: string;
  /** Until the run's deadline, in ms by the database's clock; `null`: it has none. */
  remainingMs: number | null;
}

export interface ContextFile {
  name: string;
  mediaType: string;
  bytes: number;
  /** The text, perhaps only its beginning; `null` for binary content. */
  text: string | null;
  /** Bytes of the text that lie beyond the budget. */
  leftOutBytes: number;
}

export interface ContextInput {
  taskId: string;
  key: string;
  title: string;
  /** Which part of the output is needed, in words. */
  uses: string;
  /** `null`: it ended without one. */
  output: string | null;
}

interface RunRow {
  kind: TaskContext['projectKind'];
  settings: JsonObject;
  clarifications: { question: string; default: string | null; answer: string | null }[];
  files: { name: string; media_type: string; bytes: number; payload_id: string }[];
  brief: string;
  trace_id: string;
  remaining_ms: number | null;
}

/** Reads what the prompts of claimed tasks of one run are written from; files as text up to `fileBytes` in all. */
export async function readTaskContexts(
  deps: QueueDeps,
  claims: readonly Claim[],
  options: { fileBytes?: number } = {},
): Promise<TaskContext[]> {
  const runId = claims[0]?.task.runId;
  if (runId === undefined) return [];
  const { run, related, files } = await deps.store.transaction('system', async (tx) => {
    const run = await readRun(tx, runId);
    const related = await readTasksById(tx, [...new Set(claims.flatMap(relatedIds))]);
    return { run, related, files: await readFiles(tx, run.files, options.fileBytes ?? 262_144) };
  });
  const byId = new Map(related.map((each) => [each.id, each]));
  return claims.map(({ task }) => ({
    task,
    projectKind: run.kind,
    brief: run.brief,
    files,
    clarifications: run.clarifications.map(({ question, answer, default: fallback }) => ({
      question,
      answer: answer ?? fallback ?? '',
    })),
    inputs: task.dependsOn.flatMap((dependency) => inputOf(dependency, byId.get(dependency.id))),
    superseded: task.supersedes ? (byId.get(task.supersedes)?.output ?? null) : null,
    settings: run.settings,
    traceId: run.trace_id,
    remainingMs: run.remaining_ms,
  }));
}

/** Reads what the prompt of one claimed task is written from. */
export async function readTaskContext(
  deps: QueueDeps,
  claim: Claim,
  options: { fileBytes?: number } = {},
): Promise<TaskContext> {
  const [context] = await readTaskContexts(deps, [claim], options);
  if (!context) throw new Error(`The context of ${claim.task.id} was not read.`);
  return context;
}

function relatedIds({ task }: Claim): string[] {
  const ids = task.dependsOn.map((dependency) => dependency.id);
  return task.supersedes ? [...ids, task.supersedes] : ids;
}

function inputOf(dependency: Dependency, task: Task | undefined): ContextInput[] {
  if (!task) return [];
  const { id: taskId, key, title, output } = task;
  return [{ taskId, key, title, uses: dependency.uses, output }];
}

async function readRun(tx: Tx, runId: string): Promise<RunRow> {
  const [row] = await tx.query<RunRow>(
    `SELECT p.kind, r.settings, r.clarifications, p.files, convert_from(b.content, 'UTF8') AS brief, r.trace_id,
       (extract(epoch FROM r.deadline_at - headrace_now()) * 1000)::float8 AS remaining_ms
     FROM runs r JOIN projects p ON p.id = r.project_id JOIN payloads b ON b.id = p.brief_payload
     WHERE r.id = $1`,
    [runId],
  );
  // A claim holds its task's row, whose foreign keys hold these.
  if (!row) throw new Error(`The run of a claimed task is gone: ${runId}`);
  return row;
}

async function readFiles(tx: Tx, files: RunRow['files'], budget: number): Promise<ContextFile[]> {
  if (files.length === 0) return [];
  const heads = await tx.query<{ id: string; head: Buffer }>(
    'SELECT id, substring(content FROM 1 FOR $2) AS head FROM payloads WHERE id = ANY($1::text[])',
    [files.map((file) => file.payload_id), budget],
  );
  const headOf = new Map(heads.map((row) => [row.id, row.head]));
  let left = budget;
  return files.map((file) => {
    const head = headOf.get(file.payload_id)?.subarray(0, left) ?? Buffer.alloc(0);
    const text = decodeText(head, head.length < file.bytes);
    if (text !== null) left -= head.length;
    return {
      name: file.name,
      mediaType: file.media_type,
      bytes: file.bytes,
      text,
      leftOutBytes: text === null ? 0 : file.bytes - head.length,
    };
  });
}

/** UTF-8 text, without a character that the cut went through; `null` for anything else. */
function decodeText(bytes: Buffer, cut: boolean): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return null;
  }
}
