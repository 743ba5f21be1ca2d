import { isDeepStrictEqual } from 'node:util';
import { withClient } from '../administer.ts';
import type { CliDeps } from '../cli-deps.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { HttpClient } from '../http-client.ts';
import type { GlobalOptions } from '../options.ts';
import { createScreen } from '../screen.ts';
import { type AccountDocument, accountDocument, accountPath } from './account-document.ts';
import { describeTerm, type Term, terms } from './describe-terms.ts';
import { mergeLimits } from './merge-limits.ts';

export interface ChangeOptions extends GlobalOptions {
  ownerEmail?: string;
  entitlement?: string;
  models?: string[];
  limit?: string[];
  weight?: number;
  priceFactor?: number;
}

/** `accounts change`: what is named changes, the rest stays. */
export async function changeTerms(
  deps: CliDeps,
  id: string,
  options: ChangeOptions,
): Promise<number> {
  refuseNothing(options);
  return withClient(deps, options, async (client) => {
    const screen = createScreen(deps, { json: options.json === true });
    const before = await readAccount(client, id);
    const account = await client.request({
      method: 'PATCH',
      path: accountPath(id),
      body: describeChanges(options, before),
      schema: accountDocument,
    });
    const { warnings } = account as { warnings?: { message: string }[] };
    for (const { message } of warnings ?? []) screen.note(`warning: ${message}`);
    screen.print(
      options.json ? JSON.stringify(account, null, 2) : describeDifference(before, account),
    );
    return exitCodes.passed;
  });
}

function refuseNothing(options: ChangeOptions): void {
  const { ownerEmail, entitlement, models, limit, weight, priceFactor } = options;
  const named = [ownerEmail, entitlement, models, limit, weight, priceFactor];
  if (named.some((value) => value !== undefined)) return;
  throw new CliError('usage', {
    message: 'Nothing is named that should change.',
    fix: 'Name it, such as --limit rpm=600 or --weight 2; --help describes the options.',
  });
}

function readAccount(client: HttpClient, id: string): Promise<AccountDocument> {
  return client.request({ method: 'GET', path: accountPath(id), schema: accountDocument });
}

function describeChanges(options: ChangeOptions, { limits }: AccountDocument): object {
  const { models } = options;
  return {
    owner_email: orNull(options.ownerEmail),
    entitlement: orNull(options.entitlement),
    models: models?.length === 1 && models[0] === 'all' ? null : models,
    limits: options.limit && mergeLimits(limits, options.limit),
    weight: options.weight,
    price_factor: options.priceFactor,
  };
}

/** `none` takes back what was said; what is not named is left out of the body. */
function orNull(text: string | undefined): string | null | undefined {
  return text === 'none' || text === '' ? null : text;
}

function describeDifference(before: AccountDocument, after: AccountDocument): string {
  const changed = (Object.keys(terms) as Term[])
    .filter((term) => !isDeepStrictEqual(before[term], after[term]))
    .map((term) => {
      const [was, is] = [describeTerm(term, before[term]), describeTerm(term, after[term])];
      return `  ${terms[term]}: ${is} (was ${was})`;
    });
  const head = `account ${after.id}`;
  return changed.length === 0 ? `${head} is so already` : [head, ...changed].join('\n');
}
