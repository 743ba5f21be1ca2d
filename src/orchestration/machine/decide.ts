import type { RunStatus } from '../documents.ts';
import { awaitAnswers, beginRun, takeClarification } from './clarification.ts';
import { cutByBudget } from './cut-by-budget.ts';
import { cutByTime } from './cut-by-time.ts';
import { type Draft, openDraft } from './draft.ts';
import { takeJudgement } from './judging.ts';
import { takeMerge } from './merging.ts';
import { growPlan } from './planning.ts';
import { runWork } from './running.ts';
import type { Context, Decision, Snapshot } from './state.ts';

/** What each status waits for, and what follows. A status without an entry waits for a person, or has ended. */
const phases: Partial<Record<RunStatus, (draft: Draft) => void>> = {
  queued: beginRun,
  clarifying: takeClarification,
  awaiting_input: awaitAnswers,
  planning: growPlan,
  running: runWork,
  merging: takeMerge,
  judging: takeJudgement,
};

/**
 * The pure state machine of a run: from what is stored to what has to be stored next. Deciding again
 * on the outcome decides nothing, so it does no harm to ask too often.
 */
export function decide(snapshot: Snapshot, context: Context): Decision {
  const draft = openDraft(snapshot, context);
  // A run passes each status at most a few times; a bound keeps a mistake from spinning.
  for (let step = 0; step < 20; step += 1) {
    const before = draft.run.status;
    cutByTime(draft);
    cutByBudget(draft);
    phases[draft.run.status]?.(draft);
    if (draft.run.status === before) break;
  }
  return draft.decision;
}
