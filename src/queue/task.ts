import type { JsonObject } from '../platform/json.ts';
import type { Lane } from '../platform/lanes.ts';

export type TaskStatus =
  | 'pending'
  | 'ready'
  | 'assigned'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'superseded'
  | 'cancelled';

/** Kinds that the orchestrator role takes itself; every other kind is a worker's. */
export const controlKinds = ['clarify', 'plan', 'panel', 'merge', 'judge'] as const;
export type ControlKind = (typeof controlKinds)[number];
/** `section` and `file` appear in the result; `research` feeds its dependants; `member` answers for a panel. */
export const workKinds = ['section', 'file', 'research', 'member'] as const;
export type WorkKind = (typeof workKinds)[number];
export type TaskKind = ControlKind | WorkKind;

export interface Dependency {
  /** A task id of the same run. */
  id: string;
  /** Which part of its output this task needs, in words. */
  uses: string;
}

/** One thing to mend in the output of the task that this one supersedes. */
export interface ReworkNote {
  criterion: string;
  fix: string;
}

export interface NewTask {
  /** Given by the caller (`createId('tsk')`), so that tasks stored together can depend on each other. */
  id: string;
  /** The planner's id (`t1`), or the kind for the orchestrator's own. */
  key: string;
  kind: TaskKind;
  title: string;
  instruction: string;
  dependsOn: Dependency[];
  required: boolean;
  acceptance: string[];
  artifactPath: string | null;
  outputSchema: JsonObject | null;
  /** Cap of output tokens, always sent. */
  maxTokens: number;
  /** `provider/model`, best first; empty means any model of any pool. */
  models: string[];
  memberOf: string | null;
  supersedes: string | null;
  /** Defects of the superseded task's output; empty for a first answer. */
  rework: ReworkNote[];
  lane: Lane;
  criticalPath: number;
  status: 'pending' | 'ready';
}

export interface TaskFailure {
  /** A code of the error catalogue. */
  code: string;
  /** Dispatch's failure kind where a call failed. */
  kind: string | null;
  message: string;
  /** Nothing retries it by itself; `headrace runs redrive` does. */
  dead: boolean;
}

/** Facts about an output that others need without reading it. */
export interface OutputMeta {
  provider: string;
  model: string;
  account: string;
  finish_reason: string;
  /** What a control task found out (questions, merge report, verdict), for whoever advances the run. */
  finding?: JsonObject;
}

export interface Task extends Omit<NewTask, 'status'> {
  tenantId: string;
  runId: string;
  ordinal: number;
  status: TaskStatus;
  /** Epoch ms per provider (`*`: all) before which it may not be assigned there. */
  notBefore: Record<string, number>;
  /** How often a limiter sent it back; from the third on capacity is held for it. */
  refusals: number;
  /** Claims so far, without those that were given back unused. */
  tries: number;
  /** Number of the current assignment, from 1. */
  assignment: number;
  assignedProvider: string | null;
  assignedModel: string | null;
  /** The output text; large ones are fetched from their payload. `null` until it succeeded. */
  output: string | null;
  outputMeta: OutputMeta | null;
  failure: TaskFailure | null;
  createdAt: number;
  readyAt: number | null;
  startedAt: number | null;
  finishedAt: number | null;
}

/** Kinds of change that the orchestrator may make to tasks that nobody is answering. */
export interface TaskChange {
  taskId: string;
  /** `ready` from pending; `superseded` from anything ended or not begun; `cancelled` from anything that has not ended. */
  status: 'ready' | 'superseded' | 'cancelled';
  /** Why, in words; shown in the event. */
  reason?: string;
}

/** A ready task as the balancer sees it. */
export interface ReadyTask extends Task {
  /** Providers that may not have it yet (their `not_before` has not passed). */
  blockedProviders: string[];
}

/** What a carrier carries. Nothing else: the store is the truth. */
export interface TaskMessage {
  task_id: string;
  run_id: string;
  tenant_id: string;
  assignment: number;
  provider: string;
  lane: Lane;
}

/** A worker's lease on a task. Every write checks the fencing token. */
export interface Claim {
  task: Task;
  workerId: string;
  fencingToken: number;
  /** Epoch ms by the database's clock. */
  leaseUntil: number;
}
