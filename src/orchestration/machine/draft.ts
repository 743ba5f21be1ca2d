import type { EventType } from '../../platform/steps.ts';
import type { NewTask } from '../../queue/index.ts';
import { type RunStatus, terminalRunStatuses } from '../documents.ts';
import type {
  Context,
  Decision,
  EventData,
  RunPatch,
  RunState,
  Settlement,
  Snapshot,
  Supersession,
  TaskState,
} from './state.ts';

/** The state as it will be, beside the decision that leads there. Its verbs keep the two in step. */
export interface Draft {
  readonly run: RunState;
  readonly tasks: Map<string, TaskState>;
  readonly speculation: number | null;
  readonly now: number;
  readonly decision: Decision;
  newTaskId(): string;
  patch(change: RunPatch): void;
  /** Also records the event that every change of status leaves. */
  moveTo(status: RunStatus, facts?: EventData): void;
  settle(change: Settlement): void;
  /** Also sees to it that its call stops. */
  cancel(task: TaskState, reason: string): void;
  store(task: NewTask): void;
  supersede(change: Supersession): void;
  record(type: EventType, data: EventData, taskId?: string): void;
}

export function openDraft(snapshot: Snapshot, context: Context): Draft {
  const run: RunState = { ...snapshot.run };
  const tasks = new Map(snapshot.tasks.map((task) => [task.id, { ...task }]));
  const decision: Decision = {
    patch: {},
    settle: [],
    store: [],
    supersede: [],
    keepResultOf: null,
    stopCalls: false,
    events: [],
  };
  const draft: Draft = {
    run,
    tasks,
    speculation: snapshot.speculation,
    now: context.now,
    decision,
    newTaskId: context.newTaskId,
    patch(change) {
      Object.assign(decision.patch, change);
      const { finishedAt: _, ...state } = change;
      Object.assign(run, state);
    },
    moveTo(status, facts = {}) {
      const from = run.status;
      draft.patch({ status });
      draft.record('run.updated', { status, from, ...facts });
    },
    settle(change) {
      applySettlement(draft, change);
    },
    cancel(task, reason) {
      if (task.status === 'running' || task.status === 'assigned') decision.stopCalls = true;
      draft.settle({ taskId: task.id, status: 'cancelled', reason });
    },
    store(task) {
      decision.store.push(task);
      tasks.set(task.id, stateOfNewTask(task));
    },
    supersede(change) {
      const old = tasks.get(change.supersedes);
      if (!old) throw new Error(`unknown task ${change.supersedes}`);
      draft.settle({ taskId: old.id, status: 'superseded' });
      decision.supersede.push(change);
      const { id, kind, status, dependsOn, rework } = change;
      tasks.set(id, {
        ...old,
        ...{ id, kind, status, dependsOn, rework },
        memberOf: null,
        supersedes: old.id,
        failure: null,
        finding: null,
      });
    },
    record(type, data, taskId) {
      decision.events.push({ type, data, ...(taskId ? { taskId } : {}) });
    },
  };
  return draft;
}

function applySettlement({ tasks, decision }: Draft, change: Settlement): void {
  const task = tasks.get(change.taskId);
  if (!task) throw new Error(`unknown task ${change.taskId}`);
  task.status = change.status;
  const fresh =
    decision.store.find((other) => other.id === change.taskId) ??
    decision.supersede.find((other) => other.id === change.taskId);
  // A task of this very decision is stored as what it has become, or not at all.
  if (!fresh) decision.settle.push(change);
  else if (change.status === 'ready') fresh.status = 'ready';
  else {
    decision.store = decision.store.filter((other) => other !== fresh);
    decision.supersede = decision.supersede.filter((other) => other !== fresh);
  }
}

function stateOfNewTask(task: NewTask): TaskState {
  const { id, key, kind, title, status, required, dependsOn } = task;
  const { memberOf, supersedes, maxTokens } = task;
  return {
    ...{ id, key, kind, title, status, required, dependsOn, memberOf, supersedes, maxTokens },
    artifact: task.artifactPath !== null,
    criticalPath: task.criticalPath,
    rework: task.rework,
    failure: null,
    finding: null,
  };
}

export function hasEnded(status: RunStatus): boolean {
  return (terminalRunStatuses as readonly string[]).includes(status);
}
