import type { createColors } from 'picocolors';
import { countThings, fitLine, formatCount, formatElapsed, formatUsd } from './printable.ts';
import type { RunView, TaskView } from './run-view.ts';

export interface Frame {
  view: RunView;
  now: number;
  columns: number;
  rows: number;
  budgetUsd: number | null;
  colors: ReturnType<typeof createColors>;
}

const marks: Record<TaskView['state'], string> = {
  waiting: '·',
  ready: '○',
  assigned: '◔',
  calling: '◐',
  done: '✓',
  failed: '✗',
  cancelled: '–',
  superseded: '↻',
};

/** The live picture of a run: one line per task, totals below; at most as many rows as the terminal has. */
export function drawLive(frame: Frame): string {
  const tasks = [...frame.view.tasks.values()];
  const room = Math.max(3, frame.rows - 4);
  const shown = tasks.length <= room ? tasks : chooseTasks(tasks, room - 1);
  const lines = shown.map((task) => drawTask(task, frame));
  if (shown.length < tasks.length) {
    lines.push(
      frame.colors.dim(`  … and ${countThings(tasks.length - shown.length, 'more task')}`),
    );
  }
  return [...lines, '', drawTotals(tasks, frame)].join('\n');
}

/** What moves is worth a line before what waits, and what waits before what ended. */
function chooseTasks(tasks: readonly TaskView[], room: number): TaskView[] {
  const rank = (task: TaskView) =>
    [
      'calling',
      'assigned',
      'failed',
      'ready',
      'waiting',
      'done',
      'superseded',
      'cancelled',
    ].indexOf(task.state);
  const chosen = new Set([...tasks].sort((one, other) => rank(one) - rank(other)).slice(0, room));
  return tasks.filter((task) => chosen.has(task));
}

function drawTask(task: TaskView, { now, columns, colors }: Frame): string {
  const paint = {
    waiting: colors.dim,
    ready: colors.dim,
    assigned: colors.cyan,
    calling: colors.cyan,
    done: colors.green,
    failed: colors.red,
    cancelled: colors.dim,
    superseded: colors.yellow,
  }[task.state];
  const elapsed =
    task.startedAt === null ? '' : formatElapsed((task.endedAt ?? now) - task.startedAt);
  const tokens = task.outputTokens > 0 ? `${formatCount(task.outputTokens)} tok` : '';
  const again = task.attempts > 1 ? ` ×${task.attempts}` : '';
  const wide = columns >= 110;
  const fixed = wide ? 7 + 32 + 20 + 10 + 10 + 8 + 6 : 7 + 26 + 10 + 8 + 4;
  const title = fitLine(task.title, Math.max(12, columns - fixed - 2));
  const cells = wide
    ? [
        fitLine(task.key, 7),
        title,
        fitLine(task.model, 32),
        fitLine(task.account + again, 20),
        fitLine(task.lane, 9),
        fitLine(tokens, 10),
        elapsed,
      ]
    : [fitLine(task.key, 7), title, fitLine(task.model, 26), fitLine(tokens, 10), elapsed];
  return `${paint(marks[task.state])} ${cells.join(' ')}`;
}

function drawTotals(tasks: readonly TaskView[], { view, now, budgetUsd, colors }: Frame): string {
  const count = (state: TaskView['state']) => tasks.filter((task) => task.state === state).length;
  const money = view.unpriced ? `${formatUsd(view.costUsd)} + unpriced` : formatUsd(view.costUsd);
  const parts = [
    colors.bold(view.status),
    `${countThings(tasks.length, 'task')}: ${count('done')} done, ${count('calling')} calling, ${count('ready') + count('assigned')} ready`,
    ...(count('failed') > 0 ? [colors.red(`${count('failed')} failed`)] : []),
    `${formatCount(view.tokens)} tokens`,
    budgetUsd === null ? money : `${money} of ${formatUsd(budgetUsd)}`,
    view.startedAt === null ? '' : formatElapsed(now - view.startedAt),
  ];
  return parts.filter(Boolean).join(' · ');
}
