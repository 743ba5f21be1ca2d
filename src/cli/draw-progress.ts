import { formatTime } from './printable.ts';
import type { RunDocument } from './run-document.ts';

const ended: readonly string[] = ['succeeded', 'failed', 'cancelled'];
const order = ['succeeded', 'failed', 'cancelled', 'superseded', 'running', 'assigned', 'ready'];

/** Where a run stands that has not ended: its tasks by state, those under way, and what it waits for. */
export function drawProgress(run: RunDocument): string[] {
  if (ended.includes(run.status)) return [];
  const counts = new Map<string, number>();
  for (const { status } of run.tasks) counts.set(status, (counts.get(status) ?? 0) + 1);
  const states = [...counts].toSorted(([one], [other]) => rankOf(one) - rankOf(other));
  const running = run.tasks.filter(({ status }) => status === 'running');
  return [
    ...(states.length > 0 ? [states.map(([state, count]) => `${count} ${state}`).join(', ')] : []),
    ...running.map(({ title, kind, attempts }) => {
      const model = attempts.at(-1)?.model;
      return `running: ${title} (${kind})${model ? `, ${model}` : ''}`;
    }),
    ...waitsFor(run),
  ];
}

function rankOf(status: string): number {
  const rank = order.indexOf(status);
  return rank < 0 ? order.length : rank;
}

function waitsFor({ id, status, answers_due_at: due }: RunDocument): string[] {
  const resume = `./headrace runs resume ${id}`;
  if (status === 'awaiting_approval') {
    return [`waits for approval: ./headrace runs approve ${id}`];
  }
  if (status === 'awaiting_input') {
    const until = due ? ` ${formatTime(due)} UTC` : ' their deadline';
    return [`waits for answers: ${resume} asks on a terminal; from${until} on defaults count`];
  }
  return status === 'paused' ? [`paused: ${resume} goes on`] : [];
}
