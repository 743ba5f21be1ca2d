import type { Defect, Verdict } from '../../results/index.ts';
import type { RunFailure } from '../documents.ts';
import { isPlainMerge } from './control-task.ts';
import type { Draft } from './draft.ts';
import { endUnjudged, endWithBest } from './ending.ts';
import { isBetter } from './is-better.ts';
import { isCut, nameTimeOut, noteCut } from './note-cut.ts';
import { orderRework } from './rework.ts';
import { currentWork, findingOf, isEnded, latest } from './task-groups.ts';
import { hasTimeForRework } from './time-limits.ts';

interface Judged {
  verdict: Verdict;
  defects: readonly Defect[];
}

/** Steps ⑱–⑳: the verdict comes back; the better result is kept, named defects go to rework. */
export function takeJudgement(draft: Draft): void {
  const task = latest(draft, 'judge');
  if (!task || !isEnded(task)) return;
  const finding = findingOf(task, 'judge');
  if (task.status !== 'succeeded' || !finding) {
    endWithoutVerdict(draft, task.failure);
    return;
  }
  const isMadeGood = hasMadeGood(draft);
  const verdict = capVerdict(draft, finding.verdict, isMadeGood ? null : draft.run.failure);
  const round = draft.run.rounds + 1;
  const better = isBetter(verdict, draft.run.verdict);
  draft.patch({ rounds: round, ...(better && isMadeGood ? { failure: null } : {}) });
  draft.record('result.judged', { round, kept: better, ...summarize(verdict) }, task.id);
  if (better) keepResult(draft, verdict);
  const defects = better ? [...finding.defects, ...lackingForTime(draft)] : [];
  const again = mayRework(draft, { verdict, defects }) && orderRework(draft, defects, round);
  draft.record('verdict.returned', {
    round,
    decision: verdict.decision,
    next: again ? 'rework' : 'end',
  });
  if (again) draft.moveTo('running', { round });
  else endWithBest(draft);
}

function keepResult(draft: Draft, verdict: Verdict): void {
  const merge = latest(draft, 'merge');
  draft.patch({ verdict });
  draft.decision.keepResultOf = merge?.id ?? null;
  draft.record('result.stored', summarize(verdict), merge?.id);
}

/** Without a verdict the result is kept and shown, but nothing claims that it is good. */
function endWithoutVerdict(draft: Draft, failure: { code: string; message: string } | null): void {
  const code = failure?.code ?? 'answer_invalid';
  const message =
    code === 'deadline_passed'
      ? `${nameTimeOut(draft)} was up.`
      : (failure?.message ?? 'no reason known');
  if (draft.run.verdict) {
    if (isCut(code)) noteCut(draft, { code, message: `The rework was not judged: ${message}` });
    endWithBest(draft);
    return;
  }
  endUnjudged(draft, { code, message });
}

/** What lacks a required part, or was cut short, cannot pass, whatever the judge says. */
function capVerdict(draft: Draft, verdict: Verdict, failure: RunFailure | null): Verdict {
  const lacking = currentWork(draft).some((task) => task.required && task.status !== 'succeeded');
  const cut = lacking || failure !== null;
  return cut && verdict.decision === 'pass' ? { ...verdict, decision: 'partial' } : verdict;
}

/** Whether rework in the time kept for it has done all that the time-out had cut before. */
function hasMadeGood(draft: Draft): boolean {
  const { failure, rounds } = draft.run;
  if (failure?.code !== 'deadline_passed' || rounds === 0) return false;
  const merge = latest(draft, 'merge');
  if (!merge || isPlainMerge(merge)) return false;
  return currentWork(draft).every((task) => task.status === 'succeeded');
}

/** What the first part of the time-out cut is done in the part that is kept for rework. */
function lackingForTime(draft: Draft): Defect[] {
  if (draft.run.failure?.code !== 'deadline_passed') return [];
  return currentWork(draft)
    .filter((task) => task.status === 'cancelled')
    .map(({ id }) => ({
      task_id: id,
      criterion: 'It was not answered in time.',
      fix: 'Answer it, as shortly as its criteria allow.',
    }));
}

function criteriaMet(verdict: Verdict): number {
  return verdict.criteria.filter((criterion) => criterion.met).length;
}

function summarize(verdict: Verdict) {
  return {
    decision: verdict.decision,
    criteria_met: criteriaMet(verdict),
    criteria_total: verdict.criteria.length,
  };
}

/** Rework for which no time is left is cut as well, and said. */
function mayRework(draft: Draft, { verdict, defects }: Judged): boolean {
  const { run } = draft;
  if (verdict.decision === 'pass' || run.rounds > run.settings.rework) return false;
  // What the budget cut once it would cut again; of the time-out a part is kept for one rework.
  if (run.failure !== null && (run.failure.code !== 'deadline_passed' || run.rounds > 1))
    return false;
  if (hasTimeForRework(run, draft.now)) return true;
  if (run.failure === null && defects.length > 0) {
    const message = `${nameTimeOut(draft)} left no time for a rework of what does not meet its criteria.`;
    noteCut(draft, { code: 'deadline_passed', message });
  }
  return false;
}
