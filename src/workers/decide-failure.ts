import type { ErrorCode } from '../platform/errors/catalogue.ts';
import { type HeadraceError, isHeadraceError } from '../platform/errors/headrace-error.ts';
import type { Random } from '../platform/random.ts';
import { type HandBack, maxTries, type Task, type TaskFailure } from '../queue/index.ts';

type FailedTask = Pick<Task, 'assignedProvider' | 'tries' | 'refusals'>;

export type FailureDecision =
  | { act: 'hand_back'; back: HandBack }
  | { act: 'fail'; failure: TaskFailure };

/** The wait that a limiter gave no number for, in ms. */
const refusedMs = 5_000;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

// The same task cannot succeed later without somebody's change: of the request, the accounts, the budget.
const hopeless: readonly ErrorCode[] = [
  'never_fits',
  'no_accounts',
  'model_unknown',
  'model_unpriced',
  'budget_exhausted',
  'budget_too_small',
  'upstream_rejected',
  'upstream_credentials_exhausted',
  'upstream_unreachable',
  'request_invalid',
];

/** What becomes of a task whose call failed. The kind of failure is dispatch's word; nothing is read from messages. */
export function decideFailure(task: FailedTask, error: unknown, random: Random): FailureDecision {
  const known = isHeadraceError(error) ? error : null;
  const failure = failureOf(known);
  if (known?.code === 'deadline_passed') {
    // A redrive would pass the same deadline.
    return { act: 'fail', failure: { ...failure, dead: false } };
  }
  // Which hosts are out of reach is known by now: another assignment leaves them alone.
  const mayReachAnother = known?.code === 'upstream_unreachable' && triesOf(task) < 2;
  if (known && !mayReachAnother && hopeless.includes(known.code)) return { act: 'fail', failure };
  if (known && refusals.includes(known.code)) {
    return { act: 'hand_back', back: refusalOf(task, known) };
  }
  if (known?.code === 'answer_invalid' && triesOf(task) >= 2) return { act: 'fail', failure };
  const back: HandBack = {
    provider: known?.code === 'answer_invalid' ? '*' : (task.assignedProvider ?? '*'),
    waitMs: retryWaitMs(task, random),
    cause: 'retry',
    reason: failure.message,
    failure,
  };
  return { act: 'hand_back', back };
}

const refusals: readonly ErrorCode[] = ['no_capacity', 'limiter_not_shared'];

function refusalOf(task: FailedTask, error: HeadraceError): HandBack {
  return {
    // Which process asks decides here, not which provider: wait everywhere.
    provider: error.code === 'limiter_not_shared' ? '*' : (task.assignedProvider ?? '*'),
    waitMs: error.retryAfterMs ?? refusedMs,
    cause: 'refused',
    reason: error.code,
  };
}

function failureOf(error: HeadraceError | null): TaskFailure {
  // An error that is none of the catalogue's may carry anything in its message, so none of it is shown.
  return {
    code: error?.code ?? 'internal',
    kind: null,
    message: error?.message ?? 'Something failed inside Headrace.',
    dead: true,
  };
}

const triesOf = (task: FailedTask) => task.tries - task.refusals;

/** Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), in ms. */
function retryWaitMs(task: FailedTask, random: Random): number {
  const tries = Math.min(maxTries, Math.max(1, triesOf(task)));
  return Math.ceil(random.next() * Math.min(longestRetryMs, firstRetryMs * 2 ** (tries - 1)));
}
