import { z } from 'zod';
import { askPerson } from './ask-person.ts';
import type { CliDeps } from './cli-deps.ts';
import { CliError } from './cli-error.ts';
import { connect, nameNewKey } from './connect.ts';
import { drawTable } from './draw-table.ts';
import { exitCodes } from './exit-codes.ts';
import type { HttpClient, Route } from './http-client.ts';
import { type GlobalOptions, serverFlags } from './options.ts';
import { countThings, formatTime } from './printable.ts';
import { createScreen } from './screen.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).nullish();
const anyList = z.looseObject({ data: z.array(z.looseObject({})) });

/** One administrative call; its answer as a table or JSON. */
async function callOnce<T>(deps: CliDeps, options: GlobalOptions, route: Route<T>): Promise<T> {
  return withClient(deps, options, (client) => client.request(route));
}

/** A gateway to administer, started here where none runs. */
export async function withClient<T>(
  deps: CliDeps,
  { idle = true, ...options }: GlobalOptions & { idle?: boolean },
  work: (client: HttpClient) => Promise<T>,
): Promise<T> {
  const request = { flags: serverFlags(options), simulate: 'never' as const, idle };
  const connection = await connect(deps, request);
  nameNewKey(deps, connection);
  try {
    return await work(connection.client);
  } finally {
    await connection.close();
  }
}

export async function listThings(
  deps: CliDeps,
  list: { path: string; columns: readonly string[] },
  options: GlobalOptions,
): Promise<number> {
  const screen = createScreen(deps, { json: options.json === true });
  const { data } = await callOnce(deps, options, {
    method: 'GET',
    path: list.path,
    schema: anyList,
  });
  const rows = data.map((item) =>
    list.columns.map((column) => showCell(scalar.parse(item[column]))),
  );
  screen.print(
    options.json
      ? JSON.stringify(data, null, 2)
      : drawTable(
          list.columns.map((column) => column.replace(/_at$/, '').replace('_', ' ').toUpperCase()),
          rows,
        ),
  );
  return exitCodes.passed;
}

function showCell(value: z.infer<typeof scalar>): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? formatTime(value) : String(value);
}

/** The password comes from the terminal or, in a pipe, from standard input; never from the arguments, which others can list. */
export async function addUser(
  deps: CliDeps,
  name: string,
  options: GlobalOptions & { admin?: boolean },
): Promise<number> {
  const screen = createScreen(deps, { json: options.json === true });
  const password = await readPassword(deps);
  const user = await callOnce(deps, options, {
    method: 'POST',
    path: '/api/v1/users',
    body: { name, password, role: options.admin ? 'admin' : 'member' },
    schema: z.looseObject({ id: z.string(), name: z.string() }),
  });
  screen.print(options.json ? JSON.stringify(user, null, 2) : `user ${user.name} (${user.id})`);
  return exitCodes.passed;
}

async function readPassword(deps: CliDeps): Promise<string> {
  if (deps.stdin.isTTY) return askPerson(deps, 'Password (at least 8 characters): ');
  let text = '';
  for await (const chunk of deps.stdin) text += String(chunk);
  const password = text.replace(/\r?\n$/, '');
  if (password === '') {
    throw new CliError('usage', {
      message: 'No password on standard input.',
      fix: 'Pipe it in: printf \'%s\' "$PASSWORD" | ./headrace users add NAME',
    });
  }
  return password;
}

export async function addKey(
  deps: CliDeps,
  name: string,
  options: GlobalOptions & { admin?: boolean },
): Promise<number> {
  const screen = createScreen(deps, { json: options.json === true });
  const key = await callOnce(deps, options, {
    method: 'POST',
    path: '/api/v1/keys',
    body: { name, role: options.admin ? 'admin' : 'member' },
    schema: z.looseObject({ id: z.string(), key: z.string() }),
  });
  if (!options.json) screen.note(`key ${key.id}, shown this once:`);
  screen.print(options.json ? JSON.stringify(key, null, 2) : key.key);
  return exitCodes.passed;
}

export async function removeThing(
  deps: CliDeps,
  { path, done }: { path: string; done: string },
  options: GlobalOptions,
): Promise<number> {
  await callOnce(deps, options, { method: 'DELETE', path, schema: z.unknown() });
  createScreen(deps, { json: options.json === true }).note(done);
  return exitCodes.passed;
}

/** `config validate`: reads the configuration as a server would and says what it holds. */
export async function validateConfig(deps: CliDeps, options: GlobalOptions): Promise<number> {
  const screen = createScreen(deps, { json: options.json === true });
  const setup = await deps.readSetup(serverFlags(options));
  for (const warning of setup.warnings) screen.note(`warning: ${warning}`);
  screen.print(
    options.json
      ? JSON.stringify(
          {
            valid: true,
            config_file: setup.configFile,
            accounts: setup.accounts,
            warnings: setup.warnings,
          },
          null,
          2,
        )
      : `valid: ${setup.configFile ?? 'no file'}, ${countThings(setup.accounts.length, 'account')}, data in ${setup.dataDir}`,
  );
  return exitCodes.passed;
}
