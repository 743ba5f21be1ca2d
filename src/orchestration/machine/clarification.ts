import { storeControlTask } from './control-task.ts';
import type { Draft } from './draft.ts';
import type { ClarifyQuestion, StoredClarification } from './state.ts';
import { findingOf, isEnded, latest } from './task-groups.ts';
import { answerWindowMs } from './time-limits.ts';

/** At most this many questions reach a person, whatever the model asks. */
export const maxQuestions = 3;

export function beginRun(draft: Draft): void {
  draft.patch({ startedAt: draft.now });
  // A fan-out and a rerun from a task come with their plan.
  if (draft.run.planComplete) draft.moveTo('running');
  else if (draft.run.settings.clarify === 'off') endClarification(draft);
  else {
    storeControlTask(draft, 'clarify');
    draft.moveTo('clarifying');
  }
}

/** Step ⑥, first half. A clarification that failed costs its questions only. */
export function takeClarification(draft: Draft): void {
  const task = latest(draft, 'clarify');
  if (!task || !isEnded(task)) return;
  const questions = (findingOf(task, 'clarify')?.questions ?? []).slice(0, maxQuestions);
  const clarifications = questions.map(
    (question): StoredClarification => ({
      question: question.question,
      default: question.default,
      answer: question.default,
      source: 'default',
    }),
  );
  draft.patch({ clarifications });
  if (questions.length > 0 && draft.run.settings.clarify === 'ask') askPerson(draft, questions);
  else endClarification(draft);
}

function askPerson(draft: Draft, questions: readonly ClarifyQuestion[]): void {
  const answersDueAt = draft.now + answerWindowMs(draft.run);
  draft.patch({ answersDueAt });
  draft.record('questions.asked', {
    due_at: new Date(answersDueAt).toISOString(),
    questions: questions.map((question) => ({ ...question })),
  });
  draft.moveTo('awaiting_input');
}

/** Defaults hold when the time to answer is over. */
export function awaitAnswers(draft: Draft): void {
  if (draft.run.answersDueAt === null || draft.now < draft.run.answersDueAt) return;
  draft.record('questions.answered', { source: 'default', answered: 0 });
  endClarification(draft);
}

export function endClarification(draft: Draft): void {
  draft.patch({ answersDueAt: null });
  draft.record('brief.clarified', {
    clarifications: draft.run.clarifications.map(({ question, answer, source }) => ({
      question,
      answer,
      source,
    })),
  });
  beginPlan(draft);
}

function beginPlan(draft: Draft): void {
  storeControlTask(draft, 'plan');
  draft.moveTo('planning');
}
