import { z } from 'zod';
import type { UpstreamPolicy } from '../upstream-address.ts';
import type { AccountConfig } from './config.ts';
import type { ConfigProblem } from './config-problem.ts';
import { accountSchema } from './config-schema.ts';
import { describeIssue } from './describe-issue.ts';
import { readAccount } from './read-account.ts';

export type WrittenAccount = Omit<AccountConfig, 'managedBy'>;

export interface ReadAccounts {
  /** Those without a problem of their own, with their places in the list. */
  accounts: { index: number; account: WrittenAccount }[];
  problems: ConfigProblem[];
}

/**
 * Accounts as they are written in headrace.yaml, but from elsewhere: a secret stands for itself. Each
 * problem's path begins with `accounts` and the account's place in the list.
 */
export function readAccountList(
  written: readonly unknown[],
  context: { policy: UpstreamPolicy; providers: readonly string[] },
): ReadAccounts {
  const whole = { accounts: written };
  const shape = z.strictObject({ accounts: z.array(accountSchema) }).safeParse(whole);
  const issues = shape.error?.issues ?? [];
  const problems = issues.map((issue) => describeIssue(issue, whole));
  const accounts = written.flatMap((document, index) => {
    const parsed = accountSchema.safeParse(document);
    if (!parsed.success) return [];
    const before = problems.length;
    const at = { ...context, env: null, path: ['accounts', index] };
    const account = readAccount(parsed.data, at, problems);
    return problems.length === before ? [{ index, account }] : [];
  });
  return { accounts, problems };
}
