import type { RunStatus } from '../documents.ts';
import { type Draft, hasEnded } from './draft.ts';
import { endUnjudged, endWithBest } from './ending.ts';
import { cutMerge } from './merging.ts';
import { countTasks, nameTasks, nameTimeOut, noteCut } from './note-cut.ts';
import { concludeWork } from './running.ts';
import type { TaskState } from './state.ts';
import { isEnded, isWork, openWork } from './task-groups.ts';
import { mergeEndsAt, panelsEndAt, runEndsAt, standStill, workEndsAt } from './time-limits.ts';

const finishing: readonly RunStatus[] = ['merging', 'judging'];
const timeIsUp = 'The time-out of the run has passed.';

/**
 * The time-out is a bound: when time is over for work, what exists is merged; when it is over for a merge
 * that asks a model, the answers are put together without one; and at the end the run ends with what it has.
 * Putting together the first result is waited for even then: it calls nobody, takes a moment, and what was
 * answered is delivered.
 */
export function cutByTime(draft: Draft): void {
  const { run, now } = draft;
  if (hasEnded(run.status) || standStill.includes(run.status)) return;
  if (!finishing.includes(run.status)) {
    if (now >= workEndsAt(run)) cutWork(draft);
  } else if (now >= runEndsAt(run) && (run.status === 'judging' || run.verdict)) endLate(draft);
  else if (run.status === 'merging' && now >= mergeEndsAt(run)) cutMerge(draft);
}

function cutWork(draft: Draft): void {
  const spared = draft.now < panelsEndAt(draft.run) ? answeredPanels(draft) : [];
  const cut = [...draft.tasks.values()].filter((task) => !isEnded(task) && !spared.includes(task));
  if (cut.length > 0 || draft.run.status !== 'running') {
    const tasks = withoutSiblings(cut.filter(isWork));
    noteCut(draft, { code: 'deadline_passed', message: sayCut(draft, tasks), tasks });
  }
  for (const task of cut) draft.cancel(task, timeIsUp);
  if (spared.length === 0) {
    // Half a rework is worse than the whole result before it.
    if (draft.run.verdict && cut.length > 0) endWithBest(draft);
    else concludeWork(draft);
  } else if (draft.run.status !== 'running') {
    draft.patch({ planComplete: true });
    draft.moveTo('running');
  }
}

/** A panel and its members are one task to whoever reads of them. */
function withoutSiblings(tasks: readonly TaskState[]): TaskState[] {
  return [...new Map(tasks.map((task) => [task.memberOf ?? task.id, task])).values()];
}

/** Their answers are paid for; comparing what there is takes a moment, and calls no model any more. */
function answeredPanels(draft: Draft): TaskState[] {
  return openWork(draft).filter(
    (task) =>
      task.kind === 'panel' &&
      task.dependsOn.some(({ id }) => draft.tasks.get(id)?.status === 'succeeded'),
  );
}

const passed: Partial<Record<RunStatus, string>> = {
  clarifying: 'while the brief was clarified',
  awaiting_input: 'while answers to its questions were awaited',
  planning: 'while it was planned',
};

function sayCut(draft: Draft, cut: readonly TaskState[]): string {
  const timeOut = nameTimeOut(draft);
  const { status, verdict } = draft.run;
  if (verdict) return `${timeOut} cut the rework of ${nameTasks(cut)}; the best result stands.`;
  const when = passed[status];
  if (cut.length === 0) return `${timeOut} passed ${when ?? 'before any task was planned'}.`;
  const tasks = `${countTasks(cut.length, 'unfinished')}: ${nameTasks(cut)}`;
  return when ? `${timeOut} passed ${when} and cut ${tasks}.` : `${timeOut} cut ${tasks}.`;
}

/** Nothing was judged in time: the best result stands, or what was merged is delivered unjudged. */
function endLate(draft: Draft): void {
  const { run } = draft;
  const timeOut = nameTimeOut(draft);
  const code = 'deadline_passed';
  if (run.status === 'judging' && !run.verdict) {
    endUnjudged(draft, { code, message: `${timeOut} was up.` });
    return;
  }
  const undone = run.status === 'merging' ? 'merged' : 'judged';
  const message = `${timeOut} passed before the rework was ${undone}; the best result stands.`;
  noteCut(draft, { code, message });
  endWithBest(draft);
}
