import type { CallOutcome } from '../../dispatch/index.ts';
import { type BudgetRow, leftOf } from '../budget/budget-row.ts';
import {
  type LeastAnswer,
  leastAnswer,
  leastTaskTokens,
  promptBytes,
} from '../budget/least-answer.ts';
import { plannableTokens } from '../budget/plannable-tokens.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { mostTasks, openPlanBook, type PlanBook } from '../plan/plan-book.ts';
import { openPlanLedger, type PlanLedger } from '../plan/plan-ledger.ts';
import { planRules, usableModels } from '../plan/plan-rules.ts';
import type { PlanItem, Repair } from '../plan/planned-task.ts';
import type { BrokenText, Scanned } from '../plan/scan-plan.ts';
import type { ControlJob } from './control-job.ts';

/** A plan in the making. */
export interface Planning {
  deps: OrchestrationDeps;
  job: ControlJob;
  book: PlanBook;
  ledger: PlanLedger;
  /** Cap of tasks under the run's budget. */
  mostTasks: number;
  /** Output tokens that all tasks may take; `null`: no bound. */
  tokensLeft: number | null;
  /** What the brief needs at least, where it is one task. */
  promptBytes: number;
  least: LeastAnswer;
  /** Repairs that were not recorded yet. */
  unsaid: Repair[];
  /** What the last call left unread. */
  broken: BrokenText[];
  /** What the people whose brief it is should know of the plan's damage, in sentences. */
  notes: string[];
  outcome: CallOutcome | null;
  /** Why the planner could not be asked (again): budget or time. */
  unasked: { reason: string; detail: string } | null;
}

export async function openPlanning(deps: OrchestrationDeps, job: ControlJob): Promise<Planning> {
  const { ledger, known } = await openPlanLedger(deps, job);
  const budget = await readBudget(deps, job);
  const left = budget ? plannableTokens(budget, job.settings, deps.dispatch) : null;
  const bytes = bytesOf(job);
  const cap = left === null ? mostTasks : Math.floor(left / leastTaskTokens);
  const most = Math.max(1, Math.min(mostTasks, cap, countReaders(budget, bytes)));
  const book = openPlanBook({
    rules: planRules(deps, job.settings, left),
    accepted: known.map((task) => ({ key: task.key, title: task.title, path: task.artifactPath })),
    criteria: job.criteria,
    mostTasks: most,
  });
  return {
    ...{ deps, job, book, ledger, mostTasks: most, tokensLeft: left },
    promptBytes: bytes,
    least: leastAnswer(bytes, usableModels(deps, job.settings)),
    unsaid: [],
    broken: [],
    notes: [],
    outcome: null,
    unasked: null,
  };
}

const bytesPerToken = 3;

/** Every task reads the brief again: so many can, of the tokens that are left. */
function countReaders(budget: BudgetRow | null, bytes: number): number {
  const tokens = budget ? leftOf(budget).tokens : null;
  if (tokens === null) return mostTasks;
  return Math.floor(tokens / (bytes / bytesPerToken + leastTaskTokens));
}

function bytesOf({ context }: ControlJob): number {
  const { brief, files, clarifications } = context;
  const shown = files.map(({ name, text }) => ({ name, bytes: Buffer.byteLength(text ?? '') }));
  return promptBytes({ briefBytes: Buffer.byteLength(brief), files: shown, clarifications });
}

export async function readBudget(
  deps: Pick<OrchestrationDeps, 'store'>,
  job: Pick<ControlJob, 'claim'>,
): Promise<BudgetRow | null> {
  const [budget] = await deps.store.transaction('system', (tx) =>
    tx.query<BudgetRow>('SELECT * FROM budgets WHERE run_id = $1', [job.claim.task.runId]),
  );
  return budget ?? null;
}

/** Stores what was read, line by line, with what had to be repaired. */
export async function takeScanned(planning: Planning, scanned: Scanned): Promise<void> {
  planning.unsaid.push(...scanned.repairs);
  planning.broken.push(...scanned.broken);
  for (const item of scanned.items) await takeItem(planning, item);
}

export async function takeItem(planning: Planning, item: PlanItem): Promise<void> {
  const { book, ledger } = planning;
  const hadCriteria = book.criteria.length > 0;
  const { tasks, repairs } = book.take(item);
  planning.unsaid.push(...repairs);
  if (!hadCriteria && book.criteria.length > 0) await ledger.acceptCriteria(book.criteria);
  for (const task of tasks) await acceptWithRepairs(planning, task);
}

/** A line goes with all that was mended to accept it. */
export async function acceptWithRepairs(
  planning: Planning,
  task: Parameters<PlanLedger['accept']>[0],
): Promise<void> {
  const repairs = planning.unsaid.splice(0);
  await planning.ledger.accept(task, repairs);
}
