import type { Payable } from '../budget/budget-row.ts';
import { keepAfterPlan, shareAfterPlan } from '../budget/keep-after-plan.ts';
import { fitAnswer } from '../budget/least-answer.ts';
import { countTasks } from '../machine/note-cut.ts';
import { repairEvent } from '../plan/plan-ledger.ts';
import { usableModels } from '../plan/plan-rules.ts';
import type { PlannedTask, Repair } from '../plan/planned-task.ts';
import { cutText } from '../storable.ts';
import { completeControlTask } from './complete-control-task.ts';
import { metaOf, uncalledMeta } from './control-job.ts';
import { acceptWithRepairs, type Planning, readBudget, takeItem } from './planning.ts';

/** Ends the plan: salvages what stayed damaged, frees what waits, and never leaves a run without a task. */
export async function finishPlan(planning: Planning): Promise<void> {
  const { deps, job, book, ledger } = planning;
  await salvage(planning);
  const { tasks, repairs } = book.close();
  planning.unsaid.push(...repairs);
  for (const task of tasks) await acceptWithRepairs(planning, task);
  const { note, single } = await explainPlan(planning);
  const { runId } = job.claim.task;
  await completeControlTask(deps, job, async (tx) => {
    await tx.query(
      'UPDATE runs SET plan_note = $2, plan_single = $3, reading_order = $4::jsonb WHERE id = $1',
      [runId, note, single, JSON.stringify(book.readingOrder)],
    );
    await keepAfterPlan(tx, runId, planning.least);
    return {
      output: ledger.lines.join('\n'),
      meta: {
        ...(planning.outcome ? metaOf(planning.outcome) : uncalledMeta),
        finding: { kind: 'plan', note, single },
      },
      events: planning.unsaid.splice(0).map(repairEvent),
    };
  });
}

/** What asking again did not bring is taken as well as it can be read, and said to be lost where it cannot. */
async function salvage(planning: Planning): Promise<void> {
  for (const { where, text, salvage: items } of planning.broken) {
    const what = items.length > 0 ? 'truncated' : 'unreadable';
    const done = items.length > 0 ? 'It was taken as far as it goes' : 'It was left out';
    planning.unsaid.push({ what, where, message: `${done}: ${cutText(text, 300)}` });
    planning.notes.push(`${where} of the plan stayed damaged. ${done}: ${cutText(text, 80)}`);
    for (const item of items) {
      // The same task may have come whole in a later call.
      const known = item.type === 'task' && planning.book.knows(String(item.fields['id']));
      if (!known) await takeItem(planning, item);
    }
  }
}

/** What a damaged plan may have lost, and why the brief is one task where it is. */
async function explainPlan(
  planning: Planning,
): Promise<{ note: string | null; single: string | null }> {
  const { book } = planning;
  let single = book.end?.single ?? null;
  explainOverflow(planning);
  if (planning.ledger.ids.size === 0) {
    const { unasked } = planning;
    const reason = unasked
      ? `${unasked.reason}, so the brief is one task.${unasked.detail}`
      : 'The orchestrator model gave no usable plan, so the brief is one task.';
    const repair: Repair = { what: 'single_task', where: 'plan', message: reason };
    planning.unsaid.push(repair);
    planning.notes.push(reason);
    single = reason;
    await acceptWithRepairs(planning, await wholeBrief(planning));
  }
  const counted = book.end?.count ?? null;
  if (book.read > 0 && counted !== null && counted !== book.read) {
    const message = `The plan counts ${counted} tasks; ${book.read} were read.`;
    planning.unsaid.push({ what: 'count_mismatch', where: 'end.count', message });
    // More than it counts is a slip of the pen, fewer may be a loss.
    if (counted > book.read && book.refused === 0) planning.notes.push(message);
  }
  if (book.read > 0 && book.end === null && book.refused === 0) {
    planning.notes.push(
      `The plan broke off behind its ${book.read} tasks; what it lacks is unknown.`,
    );
  }
  const isSingle = planning.ledger.ids.size === 1;
  return { note: planning.notes.join(' ') || null, single: isSingle ? single : null };
}

function explainOverflow({ book, mostTasks, unsaid, notes }: Planning): void {
  if (book.refused > 0) {
    const message = `The plan went on beyond the ${countTasks(mostTasks)} that fit; what came behind was not accepted.`;
    unsaid.push({ what: 'too_many_tasks', where: 'plan', message });
    notes.push(message);
  }
  if (book.repeated > 0) {
    const message = `${book.repeated} tasks only repeated others under another number; they were left out.`;
    unsaid.push({ what: 'repeated', where: 'plan', message });
    notes.push(message);
  }
}

const mostWholeTokens = 6_000;
const unbounded: Payable = { tokens: null, nanoUsd: null };

async function wholeBrief(planning: Planning): Promise<PlannedTask> {
  const { deps, job, least } = planning;
  const budget = await readBudget(deps, job);
  const { maxTokens, models } = fitAnswer(planning.promptBytes, usableModels(deps, job.settings), {
    payable: budget ? shareAfterPlan(budget, least).payable : unbounded,
    most: mostWholeTokens,
  });
  return {
    key: 't1',
    title: 'The whole brief',
    instruction: 'Do everything that the brief asks for, completely and in its order.',
    kind: 'section',
    deps: [],
    acceptance: ['It answers every part of the brief.'],
    maxTokens,
    required: true,
    path: null,
    models,
    panel: 0,
  };
}
