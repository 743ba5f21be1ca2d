import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { ClarificationAnswer } from '../orchestration.ts';
import { storableText } from '../storable.ts';
import { endClarification } from './clarification.ts';
import { type Draft, hasEnded, openDraft } from './draft.ts';
import { endRun } from './ending.ts';
import type { Context, Decision, Snapshot } from './state.ts';

/** What a person may tell a run. */
export type Command =
  | { type: 'answer'; answers: readonly ClarificationAnswer[] }
  | { type: 'approve'; waitedMs: number }
  | { type: 'pause' }
  | { type: 'resume'; pausedMs: number }
  | { type: 'cancel' };

/** Throws `conflict` where the run's state does not allow the command, `request_invalid` for answers to no question. */
export function obey(snapshot: Snapshot, command: Command, context: Context): Decision {
  const draft = openDraft(snapshot, context);
  if (command.type === 'answer') answer(draft, command.answers);
  else if (command.type === 'approve') approve(draft, command.waitedMs);
  else if (command.type === 'pause') pause(draft);
  else if (command.type === 'resume') resume(draft, command.pausedMs);
  else cancel(draft);
  return draft.decision;
}

function answer(draft: Draft, answers: readonly ClarificationAnswer[]): void {
  if (draft.run.status !== 'awaiting_input') refuse(draft, 'It has no open questions.');
  const clarifications = draft.run.clarifications.map((item) => ({ ...item }));
  for (const { index, answer: text } of answers) {
    const item = clarifications[index];
    if (!item) {
      throw new HeadraceError('request_invalid', {
        message: `There is no question ${index}; the run asked ${clarifications.length}, numbered from 0.`,
        where: `answers[].index`,
      });
    }
    if (text.trim() === '') continue;
    item.answer = storableText(text.trim());
    item.source = 'person';
  }
  draft.patch({ clarifications });
  draft.record('questions.answered', {
    source: 'person',
    answered: clarifications.filter((item) => item.source === 'person').length,
  });
  endClarification(draft);
}

/** The deadline moves by as long as the plan waited. */
function approve(draft: Draft, waitedMs: number): void {
  if (draft.run.status !== 'awaiting_approval') refuse(draft, 'It waits for no approval.');
  const { deadlineAt } = draft.run;
  if (deadlineAt !== null) draft.patch({ deadlineAt: deadlineAt + waitedMs });
  draft.record('plan.approved', {});
  draft.moveTo('running');
}

function pause(draft: Draft): void {
  const { status } = draft.run;
  if (hasEnded(status)) refuse(draft, 'It has ended.');
  if (status === 'paused') return;
  draft.patch({ pausedFrom: status });
  draft.moveTo('paused');
  draft.record('run.paused', { from: status });
}

/** Deadlines move by as long as the run stood still. */
function resume(draft: Draft, pausedMs: number): void {
  const { pausedFrom, deadlineAt, answersDueAt } = draft.run;
  if (draft.run.status !== 'paused' || pausedFrom === null) refuse(draft, 'It is not paused.');
  else {
    draft.patch({
      pausedFrom: null,
      ...(deadlineAt === null ? {} : { deadlineAt: deadlineAt + pausedMs }),
      ...(answersDueAt === null ? {} : { answersDueAt: answersDueAt + pausedMs }),
    });
    draft.moveTo(pausedFrom);
    draft.record('run.resumed', { to: pausedFrom, paused_ms: pausedMs });
  }
}

function cancel(draft: Draft): void {
  if (draft.run.status === 'cancelled') return;
  if (hasEnded(draft.run.status)) refuse(draft, 'It has ended.');
  endRun(draft, 'cancelled', null);
}

function refuse(draft: Draft, reason: string): never {
  throw new HeadraceError('conflict', {
    message: `The run is ${draft.run.status}. ${reason}`,
    where: draft.run.id,
  });
}
