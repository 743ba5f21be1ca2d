import type { JsonObject } from '../../platform/json.ts';
import type { NewEvent } from '../../platform/store/store.ts';
import type { Dependency, NewTask, ReworkNote, TaskKind, TaskStatus } from '../../queue/index.ts';
import type { Defect, Verdict } from '../../results/index.ts';
import type { Clarification, RunFailure, RunSettings, RunStatus } from '../documents.ts';

/** What the machine knows of a run. Times are epoch ms by the database's clock. */
export interface RunState {
  id: string;
  kind: 'brief' | 'fanout';
  status: RunStatus;
  pausedFrom: RunStatus | null;
  settings: RunSettings;
  clarifications: StoredClarification[];
  answersDueAt: number | null;
  planComplete: boolean;
  rounds: number;
  verdict: Verdict | null;
  /** While the run lives: why its work was cut short (budget, time-out). */
  failure: RunFailure | null;
  startedAt: number | null;
  deadlineAt: number | null;
}

export interface StoredClarification extends Clarification {
  default: string;
}

/** A task without its texts: advancing reads many of them, often. */
export interface TaskState {
  id: string;
  key: string;
  kind: TaskKind;
  title: string;
  status: TaskStatus;
  required: boolean;
  dependsOn: Dependency[];
  memberOf: string | null;
  supersedes: string | null;
  /** A file of the result. */
  artifact: boolean;
  maxTokens: number;
  criticalPath: number;
  /** What it was told to mend. */
  rework: ReworkNote[];
  failure: { code: string; message: string } | null;
  /** What an ended control task has to say. */
  finding: Finding | null;
}

/** What a control task leaves for the machine; kept in its output's facts, so that no output is read to advance. */
export type Finding =
  | { kind: 'clarify'; questions: ClarifyQuestion[] }
  | { kind: 'plan'; note: string | null; single?: string | null }
  | {
      kind: 'merge';
      route: string;
      used: number;
      rejected: number;
      bytes: number;
      repeated?: boolean;
    }
  | { kind: 'judge'; verdict: Verdict; defects: Defect[] }
  | { kind: 'panel'; picked: string | null; route: string };

export interface ClarifyQuestion {
  question: string;
  default: string;
  why: string;
}

export interface Snapshot {
  run: RunState;
  /** In the order in which they were stored: a task comes after all it depends on. */
  tasks: TaskState[];
  /** Output tokens that may be started before the plan is complete; `null`: no bound. */
  speculation: number | null;
}

export interface Context {
  /** Epoch ms by the database's clock. */
  now: number;
  newTaskId: () => string;
}

/** Columns of the run to write; an absent one stays. */
export interface RunPatch {
  status?: RunStatus;
  pausedFrom?: RunStatus | null;
  clarifications?: StoredClarification[];
  answersDueAt?: number | null;
  planComplete?: boolean;
  rounds?: number;
  verdict?: Verdict;
  failure?: RunFailure | null;
  startedAt?: number;
  finishedAt?: number;
  deadlineAt?: number;
}

/** A new task that takes over from an ended one; its texts are those of the old one. */
export interface Supersession {
  supersedes: string;
  id: string;
  kind: TaskKind;
  dependsOn: Dependency[];
  rework: ReworkNote[];
  status: 'pending' | 'ready';
}

export interface Settlement {
  taskId: string;
  status: 'ready' | 'cancelled' | 'superseded';
  reason?: string;
}

/** Everything that one advance changes, to be written in one transaction. */
export interface Decision {
  patch: RunPatch;
  settle: Settlement[];
  store: NewTask[];
  supersede: Supersession[];
  /** The task (merge or fan-out panel) whose outcome becomes the run's result. */
  keepResultOf: string | null;
  /** Calls under way have to stop. */
  stopCalls: boolean;
  events: NewEvent[];
}

export type EventData = JsonObject;
