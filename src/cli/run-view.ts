import type { RunEventDocument } from './run-document.ts';

export interface TaskView {
  id: string;
  key: string;
  title: string;
  kind: string;
  lane: string;
  state:
    | 'waiting'
    | 'ready'
    | 'assigned'
    | 'calling'
    | 'done'
    | 'failed'
    | 'cancelled'
    | 'superseded';
  model: string;
  account: string;
  outputTokens: number;
  attempts: number;
  /** How often it was handed back for want of room since its last call. */
  refused: number;
  startedAt: number | null;
  endedAt: number | null;
}

/** A run as its events tell it; enough to draw it live. */
export interface RunView {
  status: string;
  tasks: Map<string, TaskView>;
  tokens: number;
  costUsd: number;
  unpriced: boolean;
  startedAt: number | null;
  lastEvent: number;
  /** What each ended attempt is counted with. */
  counted: Map<string, { tokens: number; costUsd: number }>;
}

export function createRunView(): RunView {
  return {
    status: 'queued',
    tasks: new Map(),
    tokens: 0,
    costUsd: 0,
    unpriced: false,
    startedAt: null,
    lastEvent: 0,
    counted: new Map(),
  };
}

/** Takes one event into the view; an event that came before changes nothing. */
export function applyEvent(view: RunView, event: RunEventDocument): void {
  if (event.number <= view.lastEvent) return;
  view.lastEvent = event.number;
  view.startedAt ??= Date.parse(event.at);
  if (event.type === 'run.updated') view.status = readText(event, 'status') || view.status;
  if (event.type === 'task.stored') storeTask(view, event);
  if (event.type === 'attempt.ended') addUsage(view, event);
  const task = event.task_id ? view.tasks.get(event.task_id) : undefined;
  if (task) applyToTask(task, event);
}

function storeTask(view: RunView, event: RunEventDocument): void {
  const id = event.task_id;
  if (!id || view.tasks.has(id)) return;
  view.tasks.set(id, {
    id,
    key: readText(event, 'key'),
    title: readText(event, 'title'),
    kind: readText(event, 'kind'),
    lane: readText(event, 'lane'),
    state: 'waiting',
    model: '',
    account: '',
    outputTokens: 0,
    attempts: 0,
    refused: 0,
    startedAt: null,
    endedAt: null,
  });
}

function addUsage(view: RunView, event: RunEventDocument): void {
  const tokens = readNumber(event, 'input_tokens') + readNumber(event, 'output_tokens');
  const costUsd = readNumber(event, 'cost_usd');
  // An attempt that was given up may yet be settled: its last end counts, once.
  const before = event.attempt_id ? view.counted.get(event.attempt_id) : undefined;
  view.tokens += tokens - (before?.tokens ?? 0);
  view.costUsd += costUsd - (before?.costUsd ?? 0);
  if (event.attempt_id) view.counted.set(event.attempt_id, { tokens, costUsd });
  if (event.data['cost_usd'] === null && readNumber(event, 'output_tokens') > 0)
    view.unpriced = true;
}

const taskStates: Record<string, TaskView['state']> = {
  'task.ready': 'ready',
  'task.handed_back': 'ready',
  'task.lease_lapsed': 'ready',
  'task.redriven': 'ready',
  'task.assigned': 'assigned',
  'call.sent': 'calling',
  'answer.collected': 'done',
  'task.failed': 'failed',
  'task.cancelled': 'cancelled',
  'task.superseded': 'superseded',
};

function applyToTask(task: TaskView, event: RunEventDocument): void {
  task.state = taskStates[event.type] ?? task.state;
  if (event.type === 'call.sent') {
    task.attempts += 1;
    task.refused = 0;
    task.startedAt ??= Date.parse(event.at);
  }
  if (event.type === 'task.handed_back' && readText(event, 'cause') === 'refused')
    task.refused += 1;
  if (event.type === 'attempt.ended') endAttempt(task, event);
  if (['answer.collected', 'task.failed', 'task.cancelled'].includes(event.type)) {
    task.endedAt = Date.parse(event.at);
  }
  task.model = readModel(event) || task.model;
  task.account = readText(event, 'account') || task.account;
}

const controlKinds = ['clarify', 'plan', 'panel', 'merge', 'judge'];

function endAttempt(task: TaskView, event: RunEventDocument): void {
  task.outputTokens += readNumber(event, 'output_tokens');
  // What the orchestrator's own tasks found is told by other events; their call's end is their end.
  if (controlKinds.includes(task.kind) && readText(event, 'outcome') === 'succeeded') {
    task.state = 'done';
    task.endedAt = Date.parse(event.at);
  }
}

export function readText(event: RunEventDocument, field: string): string {
  const value = event.data[field];
  return typeof value === 'string' ? value : '';
}

export function readNumber(event: RunEventDocument, field: string): number {
  const value = event.data[field];
  return typeof value === 'number' ? value : 0;
}

/** `provider/model` of an event, or the empty text. */
export function readModel(event: RunEventDocument): string {
  const model = readText(event, 'model');
  const provider = readText(event, 'provider');
  return model === '' || provider === '' || model.startsWith(`${provider}/`)
    ? model
    : `${provider}/${model}`;
}
