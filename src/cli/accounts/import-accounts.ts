import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { expandSecret } from '../../platform/config/expand-secret.ts';
import type { NamedProblem } from '../../platform/errors/headrace-error.ts';
import { withClient } from '../administer.ts';
import type { CliDeps } from '../cli-deps.ts';
import { CliError } from '../cli-error.ts';
import { drawTable } from '../draw-table.ts';
import { exitCodes } from '../exit-codes.ts';
import type { HttpClient } from '../http-client.ts';
import type { GlobalOptions } from '../options.ts';
import { createScreen } from '../screen.ts';
import type { AccountFile } from './account-file.ts';
import { readAccountFile } from './read-account-file.ts';

const imported = z.looseObject({
  accounts: z.array(z.looseObject({ id: z.string(), provider: z.string() })),
  warnings: z.array(z.looseObject({ where: z.string(), message: z.string() })),
});

export interface ImportOptions extends GlobalOptions {
  dryRun?: boolean;
}

/** `accounts import`: a CSV or YAML file, all of it or nothing; every bad row is named with its line. */
export async function importAccounts(
  deps: CliDeps,
  path: string,
  options: ImportOptions,
): Promise<number> {
  const file = await readAccountFile(deps, path);
  const { accounts, problems } = expandSecrets(deps, file);
  return withClient(deps, options, async (client) => {
    // With a fault of our own nothing may be added, but the rows' other faults are worth knowing too.
    const dryRun = options.dryRun === true || problems.length > 0;
    const answer = await send(client, { accounts, dryRun });
    const refused = answer instanceof CliError ? answer.problems : [];
    const all = [...problems, ...refused];
    if (all.length > 0) throw refusal(file, all);
    if (!(answer instanceof CliError)) report(deps, { ...answer, dryRun }, { file, options });
    return exitCodes.passed;
  });
}

type Imported = z.infer<typeof imported>;

async function send(
  client: HttpClient,
  { accounts, dryRun }: { accounts: unknown[]; dryRun: boolean },
): Promise<Imported | CliError> {
  try {
    return await client.request({
      method: 'POST',
      path: '/api/v1/accounts/import',
      idempotencyKey: randomUUID(),
      body: { accounts, dry_run: dryRun },
      schema: imported,
    });
  } catch (error) {
    if (error instanceof CliError && error.problems.length > 0) return error;
    throw error;
  }
}

/** `${NAME}` in a secret is the caller's own variable: the file need hold no key. */
function expandSecrets(deps: CliDeps, file: AccountFile) {
  const problems: NamedProblem[] = [];
  const accounts = structuredClone(file.accounts);
  for (const [index, account] of accounts.entries()) {
    for (const [place, credential] of credentialsOf(account).entries()) {
      const { secret } = credential;
      if (typeof secret !== 'string' || !secret.includes('${')) continue;
      const expanded = expandSecret(secret, deps.readVariable);
      const where = `accounts[${index}].credentials[${place}].secret`;
      if ('value' in expanded) credential.secret = expanded.value;
      else {
        problems.push({ where, message: `${where} ${expanded.wrong}.`, fix: expanded.fix });
        // Unlike any other, so that no second fault is found that is none.
        credential.secret = randomUUID();
      }
    }
  }
  return { accounts, problems };
}

function credentialsOf(account: unknown): { secret?: unknown }[] {
  const list = (account as { credentials?: unknown } | null)?.credentials;
  return Array.isArray(list)
    ? list.filter((each) => typeof each === 'object' && each !== null)
    : [];
}

function refusal(file: AccountFile, problems: readonly NamedProblem[]): CliError {
  const lines = problems
    .map((problem) => ({ ...problem, ...placeOf(file, problem) }))
    .toSorted((one, other) => one.line - other.line)
    .map(({ place, message, fix }) => `${place}: ${message}\n    ${fix}`);
  const count = problems.length === 1 ? 'one fault' : `${problems.length} faults`;
  return new CliError('account_invalid', {
    message: `Nothing was added: ${count}.\n  ${lines.join('\n  ')}`,
    fix: 'Mend them and import again; --dry-run only checks.',
  });
}

/** `accounts[3].limits[0].rpm` → the line on which it is written. */
function placeOf(file: AccountFile, { where, message }: NamedProblem) {
  const [, index = '0', rest = ''] = /^accounts\[(\d+)\]\.?(.*)$/.exec(where) ?? [];
  const part = [...rest.matchAll(/([\w-]+)|\[(\d+)\]/g)].map(([, name, number]) =>
    number === undefined ? String(name) : Number(number),
  );
  const place = file.locate(Number(index), part);
  const told = message.replace(`accounts[${index}].`, '').replace(`accounts[${index}]`, 'the row');
  return { place, line: Number(/:(\d+)$/.exec(place)?.[1] ?? 0), message: told };
}

function report(
  deps: CliDeps,
  answer: Imported & { dryRun: boolean },
  { file, options }: { file: AccountFile; options: ImportOptions },
): void {
  const screen = createScreen(deps, { json: options.json === true });
  for (const { where, message } of answer.warnings) {
    const { place } = placeOf(file, { where, message, fix: '' });
    screen.note(`${place}: warning: ${message}`);
  }
  const { accounts } = answer;
  if (options.json) screen.print(JSON.stringify(answer, null, 2));
  else {
    screen.print(
      drawTable(
        ['ID', 'PROVIDER'],
        accounts.map(({ id, provider }) => [id, provider]),
      ),
    );
    screen.note(
      answer.dryRun
        ? `${accounts.length} accounts can be added (--dry-run: none was).`
        : `${accounts.length} accounts added.`,
    );
  }
}
