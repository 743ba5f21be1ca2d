import type { CallOutcome } from '../../dispatch/index.ts';
import { type BudgetRow, plannableTokens } from '../advance/bound-speculation.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { mostTasks, openPlanBook, type PlanBook } from '../plan/plan-book.ts';
import { openPlanLedger, type PlanLedger } from '../plan/plan-ledger.ts';
import { planRules } from '../plan/plan-rules.ts';
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

/** A task needs at least so many output tokens of the budget to be worth planning. */
const leastTaskTokens = 200;

export async function openPlanning(deps: OrchestrationDeps, job: ControlJob): Promise<Planning> {
  const { ledger, known } = await openPlanLedger(deps, job);
  const left = await readTokensLeft(deps, job);
  const cap = left === null ? mostTasks : Math.floor(left / leastTaskTokens);
  const most = Math.max(1, Math.min(mostTasks, cap));
  const book = openPlanBook({
    rules: planRules(deps, job.settings, left),
    accepted: known.map((task) => ({ key: task.key, title: task.title, path: task.artifactPath })),
    criteria: job.criteria,
    mostTasks: most,
  });
  return {
    ...{ deps, job, book, ledger, mostTasks: most, tokensLeft: left },
    unsaid: [],
    broken: [],
    notes: [],
    outcome: null,
    unasked: null,
  };
}

async function readTokensLeft(deps: OrchestrationDeps, job: ControlJob): Promise<number | null> {
  const [budget] = await deps.store.transaction('system', (tx) =>
    tx.query<BudgetRow>('SELECT * FROM budgets WHERE run_id = $1', [job.claim.task.runId]),
  );
  return budget ? plannableTokens(budget, job.settings, deps.dispatch) : null;
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
