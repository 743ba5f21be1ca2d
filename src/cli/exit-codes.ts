import type { ErrorCode } from '../platform/errors/catalogue.ts';
import type { RunDocument } from './run-document.ts';

/** What the shell learns from a command; part of the public interface. */
export const exitCodes = {
  passed: 0,
  failed: 1,
  usage: 2,
  verdictNotPass: 3,
  budgetOrDeadline: 4,
  noCapacity: 5,
  waiting: 6,
  interrupted: 130,
} as const;

const budgetCodes: readonly string[] = [
  'budget_exhausted',
  'budget_too_small',
  'deadline_passed',
  'model_unpriced',
] satisfies ErrorCode[];
const capacityCodes: readonly string[] = [
  'no_capacity',
  'no_accounts',
  'never_fits',
  'upstream_credentials_exhausted',
  'limiter_not_shared',
] satisfies ErrorCode[];

const usageCodes: readonly string[] = ['request_invalid', 'account_invalid'] satisfies ErrorCode[];

/** The exit code of an error by its stable code. */
export function exitCodeOf(code: string): number {
  if (budgetCodes.includes(code)) return exitCodes.budgetOrDeadline;
  if (capacityCodes.includes(code)) return exitCodes.noCapacity;
  if (code.startsWith('brief_') || code === 'model_unknown' || usageCodes.includes(code)) {
    return exitCodes.usage;
  }
  return exitCodes.failed;
}

/** The exit code of a run that ended, or that waits for a person where none can be asked. */
export function exitCodeOfRun(run: RunDocument): number {
  if (run.status === 'awaiting_approval') return exitCodes.waiting;
  if (run.failure && budgetCodes.includes(run.failure.code)) return exitCodes.budgetOrDeadline;
  if (run.status !== 'succeeded') {
    return run.failure ? exitCodeOf(run.failure.code) : exitCodes.failed;
  }
  return run.verdict?.decision === 'pass' ? exitCodes.passed : exitCodes.verdictNotPass;
}
