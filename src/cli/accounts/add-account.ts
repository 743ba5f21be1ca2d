import { randomUUID } from 'node:crypto';
import { withClient } from '../administer.ts';
import type { CliDeps } from '../cli-deps.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { GlobalOptions } from '../options.ts';
import { createScreen } from '../screen.ts';
import { accountDocument } from './account-document.ts';
import { askSecret } from './ask-secret.ts';

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

const limitNames = ['rpm', 'rpd', 'tpm', 'itpm', 'otpm', 'concurrency'];

/** `rpm=500,tpm=2000000` or, for some models, `claude-opus-*:rpm=50,otpm=80000`; `=none` is unlimited. */
export function readLimit(text: string): Record<string, unknown> {
  const colon = text.lastIndexOf(':');
  const models = colon < 0 ? ['*'] : text.slice(0, colon).split(' ').filter(Boolean);
  const rule: Record<string, unknown> = { models };
  for (const part of text.slice(colon + 1).split(',')) {
    const [, name = '', value = ''] = /^\s*(\w+)=(-?\d{1,15}(?:\.\d+)?|none)\s*$/.exec(part) ?? [];
    if (!limitNames.includes(name)) {
      throw new CliError('usage', {
        message: `The limit ${JSON.stringify(part.slice(0, 60))} is not read.`,
        fix: `Write --limit rpm=500,tpm=2000000, with ${limitNames.join(', ')}; "none" is unlimited; "claude-opus-*:rpm=50" is for some models.`,
      });
    }
    rule[name] = value === 'none' ? null : Number(value);
  }
  return rule;
}
