import { z } from 'zod';
import type { UpstreamPolicy } from '../upstream-address.ts';
import { closestName } from './closest-name.ts';
import type { ConfigProblem } from './config-problem.ts';
import { accountSchema } from './config-schema.ts';
import { describeIssue } from './describe-issue.ts';
import { readAccountList, type WrittenAccount } from './read-account-list.ts';

const { owner_email, entitlement, models, limits, weight, price_factor } = accountSchema.shape;

/** What of an account can be changed, as people write it; `null` is as where it was never said. */
export const accountChanges = z.strictObject({
  owner_email: owner_email.nullable(),
  entitlement: entitlement.nullable(),
  models: models.nullable().describe('All of them; null or []: every model.'),
  limits: limits.nullable().describe('All of them; null or []: learnt.'),
  weight: weight.nullable(),
  price_factor: price_factor.nullable(),
});

/** Why the rest of an account stays what it is. */
const fixed: Record<string, string> = {
  id: 'Add the account under another id, and remove this one.',
  provider: 'Add another account, and remove this one.',
  base_url:
    'Add another account with its key: a stored key is never sent to another address than it was given for.',
  credentials: './headrace accounts credentials add, rotate and revoke change keys.',
};

const changeable = Object.keys(accountChanges.shape);

/** An account and its changes → the whole of it as it would be, or every problem, placed within the account. */
export function readAccountChanges(
  account: Omit<WrittenAccount, 'credentials'>,
  written: unknown,
  context: { policy: UpstreamPolicy; providers: readonly string[] },
): { account: WrittenAccount | null; problems: ConfigProblem[] } {
  const shape = z
    .record(z.string(), z.unknown(), {
      error: `Write an object with what changes: ${changeable.join(', ')}.`,
    })
    .safeParse(written);
  if (!shape.success) {
    const problems = shape.error.issues.map((issue) => describeIssue(issue, written));
    return { account: null, problems };
  }
  const refused = Object.keys(shape.data).flatMap(refuseKey);
  const said = Object.entries({ ...writeTerms(account), ...shape.data }).filter(
    ([name, value]) => value !== null && changeable.includes(name),
  );
  const whole = {
    ...Object.fromEntries(said),
    id: account.id,
    provider: account.provider,
    // Keys are no part of this, and an account without any is none.
    credentials: [{ id: 'unchanged', secret: 'unchanged' }],
  };
  const read = readAccountList([whole], context);
  const problems = read.problems.map((problem) => ({ ...problem, path: problem.path.slice(2) }));
  return { account: read.accounts[0]?.account ?? null, problems: [...refused, ...problems] };
}

function writeTerms(account: Omit<WrittenAccount, 'credentials'>): Record<string, unknown> {
  return {
    owner_email: account.ownerEmail,
    entitlement: account.entitlement,
    models: account.models,
    limits: account.limits,
    weight: account.weight,
    price_factor: account.priceFactor,
  };
}

function refuseKey(name: string): ConfigProblem[] {
  if (changeable.includes(name)) return [];
  const fix = Object.hasOwn(fixed, name) ? fixed[name] : undefined;
  if (fix !== undefined) return [{ path: [name], wrong: 'cannot be changed', fix }];
  const closest = closestName(name, changeable);
  const advice = closest ? `Did you mean "${closest}"?` : 'Remove it.';
  return [
    {
      path: [name],
      wrong: 'is not a key that is known here',
      fix: `${advice} What can be changed: ${changeable.join(', ')}.`,
    },
  ];
}
