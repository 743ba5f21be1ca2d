import { randomUUID } from 'node:crypto';
import { withClient } from '../administer.ts';
import type { CliDeps } from '../cli-deps.ts';
import { exitCodes } from '../exit-codes.ts';
import type { GlobalOptions } from '../options.ts';
import { createScreen } from '../screen.ts';
import { accountDocument } from './account-document.ts';
import { askSecret } from './ask-secret.ts';
import { readLimit } from './read-limit.ts';

export interface AddOptions extends GlobalOptions {
  provider: string;
  ownerEmail?: string;
  entitlement?: string;
  baseUrl?: string;
  models?: string[];
  limit?: string[];
  weight?: number;
  priceFactor?: number;
  credential: string;
  secretEnv?: string;
}

/** `accounts add`: one account; its key is asked for, piped in, or taken from a named variable. */
export async function addAccount(deps: CliDeps, id: string, options: AddOptions): Promise<number> {
  const limits = (options.limit ?? []).map(readLimit);
  const question = `Key of ${id} (not shown): `;
  const secret = await askSecret(deps, { question, variable: options.secretEnv });
  return withClient(deps, options, async (client) => {
    const screen = createScreen(deps, { json: options.json === true });
    const account = await client.request({
      method: 'POST',
      path: '/api/v1/accounts',
      idempotencyKey: randomUUID(),
      body: describeAccount(id, options, { limits, secret }),
      schema: accountDocument,
    });
    const { warnings } = account as { warnings?: { message: string }[] };
    for (const { message } of warnings ?? []) screen.note(`warning: ${message}`);
    screen.print(
      options.json
        ? JSON.stringify(account, null, 2)
        : `account ${account.id} is ${account.state}; ./headrace accounts test ${account.id} asks its vendor`,
    );
    return exitCodes.passed;
  });
}

/** What is left out of the options is left out of the body. */
function describeAccount(
  id: string,
  options: AddOptions,
  { limits, secret }: { limits: readonly unknown[]; secret: string },
): object {
  return {
    id,
    provider: options.provider,
    owner_email: options.ownerEmail,
    entitlement: options.entitlement,
    base_url: options.baseUrl,
    models: options.models,
    limits: limits.length > 0 ? limits : undefined,
    weight: options.weight,
    price_factor: options.priceFactor,
    credentials: [{ id: options.credential, secret }],
  };
}
