import { countThings, formatCount, formatUsd, printable } from './printable.ts';
import type { RunEventDocument } from './run-document.ts';
import { type RunView, readModel, readNumber, readText } from './run-view.ts';

/** One line for an event worth telling in a pipe, or `null`. The view has taken the event already. */
export function describeEvent(view: RunView, event: RunEventDocument): string | null {
  const write = lines[event.type];
  if (!write) return null;
  const seconds = ((Date.parse(event.at) - (view.startedAt ?? 0)) / 1000).toFixed(1).padStart(6);
  const text = write(event, nameTask(view, event), view);
  return text === null ? null : printable(`[${seconds}s] ${text}`);
}

type Line = (event: RunEventDocument, task: string, view: RunView) => string | null;

const lines: Record<string, Line> = {
  'run.accepted': (event) => `accepted ${event.data['run_id'] ?? ''}`.trimEnd(),
  'run.updated': (event) => `run is ${readText(event, 'status')}`,
  'brief.clarified': (event) =>
    countItems(event, 'clarifications') > 0
      ? `${countThings(countItems(event, 'clarifications'), 'point')} clarified`
      : null,
  'plan.line_repaired': (event) =>
    `plan repaired at ${readText(event, 'where')}: ${readText(event, 'message')}`,
  'plan.completed': (event, _, view) => {
    const tasks = [...view.tasks.values()].filter((task) => !isControl(task.kind));
    const single = readText(event, 'single');
    return `plan complete: ${countThings(tasks.length, 'task')}${single ? `. ${single}` : ''}`;
  },
  'task.stored': (event, task) => (isControl(readText(event, 'kind')) ? null : `planned ${task}`),
  'call.sent': (event, task) =>
    `${task} calls ${readModel(event)} (account ${readText(event, 'account')})`,
  'attempt.ended': (event, task) =>
    readText(event, 'outcome') === 'succeeded'
      ? null
      : `${task} attempt ${readText(event, 'outcome')}: ${readFailure(event)}`,
  'answer.collected': (event, task, view) => {
    const view_ = event.task_id ? view.tasks.get(event.task_id) : undefined;
    return `${task} done${view_ ? `, ${formatCount(view_.outputTokens)} tokens` : ''}`;
  },
  'task.failed': (event, task) =>
    `${task} failed: ${readText(event, 'message') || readText(event, 'code')}`,
  'task.handed_back': (event, task, view) =>
    (view.tasks.get(event.task_id ?? '')?.refused ?? 0) > 1 ? null : tellHandedBack(event, task),
  'task.superseded': (_, task) => `${task} is done again`,
  'task.lease_lapsed': (_, task) => `${task} lost its worker and is ready again`,
  'answers.merged': (event) => `merged (${readText(event, 'route') || 'assembly'})`,
  'result.judged': (event) =>
    `judged: ${readText(event, 'decision')}, ${readNumber(event, 'criteria_met')} of ${readNumber(event, 'criteria_total')} criteria met`,
  'rework.ordered': (event, _, view) => {
    const tasks = Array.isArray(event.data['tasks']) ? event.data['tasks'] : [];
    return `rework ordered: ${tasks.map((id) => view.tasks.get(String(id))?.key ?? id).join(', ')}`;
  },
  'budget.cut': (event) => `cut short: ${readText(event, 'message')}`,
  'run.paused': () => 'paused',
  'run.resumed': () => 'resumed',
  'run.cancelled': () => 'cancelled',
  'run.failed': (event) => `failed: ${readText(event, 'message') || readText(event, 'code')}`,
  'run.succeeded': (_, __, view) =>
    `ended, ${formatCount(view.tokens)} tokens, ${formatUsd(view.costUsd)}`,
};

function countItems(event: RunEventDocument, field: string): number {
  const items = event.data[field];
  return Array.isArray(items) ? items.length : 0;
}

/** `null` where another line has told it: a run that was paused. */
function tellHandedBack(event: RunEventDocument, task: string): string | null {
  const cause = readText(event, 'cause');
  if (cause === 'refused') return `${task} waits for capacity at ${readText(event, 'provider')}`;
  if (cause === 'withdrawn') return null;
  return `${task} is given to another worker: ${readText(event, 'reason')}`;
}

function readFailure(event: RunEventDocument): string {
  const failure = event.data['failure'];
  if (typeof failure === 'string') return failure;
  if (failure !== null && typeof failure === 'object' && 'message' in failure)
    return String(failure.message);
  return readText(event, 'outcome') === 'unknown'
    ? 'its process ended before the answer came'
    : 'no reason given';
}

function isControl(kind: string): boolean {
  return ['clarify', 'plan', 'panel', 'merge', 'judge'].includes(kind);
}

function nameTask(view: RunView, event: RunEventDocument): string {
  const task = event.task_id ? view.tasks.get(event.task_id) : undefined;
  if (!task) return readText(event, 'key') || 'run';
  return isControl(task.kind) ? task.kind : `${task.key} "${task.title}"`;
}
