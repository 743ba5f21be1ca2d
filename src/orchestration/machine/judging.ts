import type { Verdict } from '../../results/index.ts';
import type { Draft } from './draft.ts';
import { endRun, endWithBest } from './ending.ts';
import { isBetter } from './is-better.ts';
import { orderRework } from './rework.ts';
import { currentWork, findingOf, isEnded, latest } from './task-groups.ts';
import { workEndsAt } from './time-limits.ts';

/** Steps ⑱–⑳: the verdict comes back; the better result is kept, named defects go to rework. */
export function takeJudgement(draft: Draft): void {
  const task = latest(draft, 'judge');
  if (!task || !isEnded(task)) return;
  const finding = findingOf(task, 'judge');
  if (task.status !== 'succeeded' || !finding) {
    endUnjudged(draft, task.failure);
    return;
  }
  const verdict = capVerdict(draft, finding.verdict);
  const round = draft.run.rounds + 1;
  const better = isBetter(verdict, draft.run.verdict);
  draft.patch({ rounds: round });
  draft.record('result.judged', { round, kept: better, ...summarize(verdict) }, task.id);
  if (better) keepResult(draft, verdict);
  const defects = better ? finding.defects : [];
  const again = mayRework(draft, verdict) && orderRework(draft, defects, round);
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
function endUnjudged(draft: Draft, failure: { code: string; message: string } | null): void {
  if (draft.run.verdict) {
    endWithBest(draft);
    return;
  }
  const merge = latest(draft, 'merge');
  draft.decision.keepResultOf = merge?.id ?? null;
  draft.record('result.stored', { decision: null }, merge?.id);
  endRun(draft, 'failed', {
    code: failure?.code ?? 'answer_invalid',
    message: `The result could not be judged: ${failure?.message ?? 'no reason known'}`,
  });
}

/** What lacks a required part, or was cut short, cannot pass, whatever the judge says. */
function capVerdict(draft: Draft, verdict: Verdict): Verdict {
  const lacking = currentWork(draft).some((task) => task.required && task.status !== 'succeeded');
  const cut = lacking || draft.run.failure !== null;
  return cut && verdict.decision === 'pass' ? { ...verdict, decision: 'partial' } : verdict;
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

function mayRework(draft: Draft, verdict: Verdict): boolean {
  const { run } = draft;
  return (
    verdict.decision !== 'pass' &&
    run.rounds <= run.settings.rework &&
    run.failure === null &&
    draft.now < workEndsAt(run)
  );
}
