import { CallError, type CallOutcome } from '../../dispatch/index.ts';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { isCut } from '../machine/note-cut.ts';
import { findThoughtPlan } from '../plan/find-thought-plan.ts';
import { usableModels } from '../plan/plan-rules.ts';
import type { PlanItem, Repair } from '../plan/planned-task.ts';
import { type BrokenText, createPlanScanner, type Scanned } from '../plan/scan-plan.ts';
import { writePlannerPrompt } from '../prompts/write-planner-prompt.ts';
import { cutText } from '../storable.ts';
import { ask, type ControlJob, inputRoom } from './control-job.ts';
import { finishPlan } from './finish-plan.ts';
import { openPlanning, type Planning, takeScanned } from './planning.ts';

/** One plan, one call that goes on where it broke off or was damaged, and one more where that helped. */
const mostAsks = 3;

/**
 * Step ⑥, second half: the plan streams in, and every line is stored as soon as it is read. What is
 * damaged or missing is asked for again by its exact path; a plan that stays empty is one task.
 */
export async function runPlan(deps: OrchestrationDeps, job: ControlJob): Promise<void> {
  const planning = await openPlanning(deps, job);
  let problem: string | null = null;
  let isAgain = false;
  for (let asks = 0; asks < mostAsks; asks += 1) {
    const before = planning.book.read;
    const unread = planning.broken;
    await askForPlan(planning, problem);
    planning.broken.unshift(...stillMissing(planning, unread, planning.book.read - before));
    const grew = planning.book.read > before;
    const isLast = asks === mostAsks - 1;
    const isEndless = !isLast && planning.book.setAside();
    problem = isEndless ? sayEndless(planning) : whatIsMissing(planning);
    if (problem === null || (isAgain && !grew) || planning.unasked !== null) break;
    if (!isLast) planning.unsaid.push(reasonToAsk(planning, isEndless));
    // A plan that was put aside is begun anew, and its first damage is no reason to give up.
    isAgain = !isEndless;
  }
  await finishPlan(planning);
}

/** Why one more call is made, for the record: what it brings looks as if it had always been there. */
function reasonToAsk({ book, broken, mostTasks }: Planning, isEndless: boolean): Repair {
  if (isEndless) {
    const message = `It went beyond ${mostTasks} tasks that say nothing but their titles; it was asked for again.`;
    return { what: 'too_many_tasks', where: 'plan', message };
  }
  if (book.read === 0) {
    return {
      what: 'empty',
      where: 'plan',
      message: 'No task could be read; it was asked for again.',
    };
  }
  const rest = `the rest was asked for behind its ${book.read} accepted tasks`;
  if (book.end === null) {
    return { what: 'truncated', where: 'plan', message: `It broke off; ${rest}.` };
  }
  if (broken.length > 0) {
    const where = broken.map((each) => each.where).join(', ');
    return { what: 'bad_json', where, message: `It could not be read; ${rest}.` };
  }
  const message = `It says ${book.end.count} tasks; ${rest}.`;
  return { what: 'count_mismatch', where: 'end.count', message };
}

/** What an earlier call left unread and this one, which brought `grown` tasks, did not make good. */
function stillMissing(
  { book }: Planning,
  unread: readonly BrokenText[],
  grown: number,
): BrokenText[] {
  const nameless = unread.filter(({ salvage }) => keysOf(salvage).length === 0);
  const named = unread.filter(({ salvage }) => keysOf(salvage).some((key) => !book.knows(key)));
  return [...named, ...nameless.slice(grown)];
}

function keysOf(items: readonly PlanItem[]): string[] {
  const ids = items.map((item) => (item.type === 'task' ? item.fields['id'] : null));
  return ids.flatMap((id) => (id === null || id === undefined ? [] : [String(id)]));
}

/** Streams one call into the plan. A stream that breaks off after it gave tasks has still given them. */
async function askForPlan(planning: Planning, problem: string | null): Promise<void> {
  const { deps, job } = planning;
  const enough = new AbortController();
  const scanner = createPlanScanner();
  const before = planning.book.read;
  planning.broken = [];
  let heard = false;
  let thought = '';
  const take = async (scanned: Scanned) => {
    await takeScanned(planning, scanned);
    // Every further token of a plan that is over its cap would be paid for nothing.
    if (planning.book.refused > 0 && !enough.signal.aborted) enough.abort(new PlanFull());
  };
  let outcome: CallOutcome | null = null;
  try {
    outcome = await ask(deps, job, {
      messages: writePlannerPrompt(orderOf(planning, problem)),
      maxTokens: job.claim.task.maxTokens,
      takesReasoning: true,
      signal: AbortSignal.any([job.signal, enough.signal]),
      onEvent: async (event) => {
        if (event.type === 'reasoning') thought += event.text;
        if (event.type !== 'text' || enough.signal.aborted) return;
        heard = true;
        await take(scanner.push(event.text));
      },
    });
    planning.outcome = outcome;
  } catch (error) {
    const partial = enough.signal.aborted || planning.book.read > before;
    // A planner that says nothing, however often it is asked, leaves the brief to be one task.
    planning.unasked = sayUnasked(error);
    if (job.signal.aborted || !(partial || isBlank(error) || planning.unasked)) throw error;
    deps.log.warn('plan.stream_broken', { run_id: job.claim.task.runId });
  }
  const answer = outcome?.answer ?? { text: '', reasoning: '' };
  if (!heard) await take(scanner.push(answer.text));
  // Where it was us who broke it off, half a line at its end is no damage.
  if (!enough.signal.aborted) await take(scanner.end());
  // Some hosts put the whole answer into the reasoning (sglang#4539).
  if (!heard && answer.text.trim() === '') await take(findThoughtPlan(thought || answer.reasoning));
}

/** Why asking again is no use: the budget or the time does not cover it. */
function sayUnasked(error: unknown): Planning['unasked'] {
  if (!isHeadraceError(error) || !isCut(error.code)) return null;
  return error.code === 'deadline_passed'
    ? { reason: 'The plan did not come in time', detail: '' }
    : { reason: 'The budget does not cover a plan', detail: ` ${error.message}` };
}

function isBlank(error: unknown): boolean {
  return error instanceof CallError && error.failure.code === 'answer_blank';
}

class PlanFull extends Error {
  override readonly name = 'PlanFull';
}

function orderOf(planning: Planning, problem: string | null) {
  const { deps, job, ledger } = planning;
  return {
    text: job.context,
    models: usableModels(deps, job.settings).map((model) => model.id),
    planSoFar: ledger.lines,
    problem,
    mostTasks: Math.max(1, planning.mostTasks - planning.book.read),
    tokensLeft: planning.tokensLeft,
    bytes: inputRoom(job, job.claim.task.maxTokens),
  };
}

function sayEndless({ mostTasks }: Planning): string {
  return `plan: it went beyond ${mostTasks} tasks, and most of them say nothing but a title and a number. They were not taken. Plan few tasks, each with an \`instruction\` that says what is to be done.`;
}

/** Why the plan cannot be taken as it is, path by path, or `null` where it can. */
function whatIsMissing(planning: Planning): string | null {
  const { book, broken } = planning;
  if (book.refused > 0) return null;
  const problems = broken.map(
    ({ where, text }) => `${where}: it could not be read as JSON: ${cutText(text, 300)}`,
  );
  if (book.read === 0) problems.push('plan: it has no task.');
  else if (book.end === null)
    problems.push('plan: it broke off; the line {"end":true,…} is missing.');
  else if (book.end.count !== null && book.end.count > book.read + broken.length) {
    problems.push(`end.count: it says ${book.end.count}, but ${book.read} tasks could be read.`);
  }
  return problems.length === 0 ? null : problems.join('\n');
}
