import { Command, Option } from 'commander';
import { addAccountCommands } from './accounts/add-account-commands.ts';
import { addProviderCommands } from './add-provider-commands.ts';
import { addRuns } from './add-runs.ts';
import { addKey, addUser, listThings, removeThing, validateConfig } from './administer.ts';
import type { CliDeps } from './cli-deps.ts';
import { CliError } from './cli-error.ts';
import { type Act, behave, faults, type Wrap, withCommon } from './common-options.ts';
import { listModels } from './list-models.ts';
import type { GlobalOptions, RunOptions } from './options.ts';
import { readDuration } from './read-duration.ts';
import { readAmount, readCount, readPanel } from './read-number.ts';
import { runBrief } from './run-brief.ts';
import { type ServeOptions, serveGateway } from './serve-gateway.ts';
import { simulateProviders } from './simulate-providers.ts';
import { splitNames } from './split-names.ts';

/** The command line; `report` hears the exit code of the command that ran. */
export function createProgram(deps: CliDeps, report: (code: number) => void): Command {
  const program = new Command('headrace')
    .description('A self-hosted multi-LLM gateway and project orchestrator.')
    .version(deps.version)
    .configureOutput({
      writeOut: (text) => deps.stdout.write(text),
      writeErr: (text) => deps.stderr.write(text),
    })
    .exitOverride()
    .showHelpAfterError('(headrace --help lists the commands)');
  const act =
    (work: Act) =>
    async (...values: unknown[]) =>
      report(await work(...(values as never[])));
  addRun(program, deps, act);
  addServe(program, deps, act);
  addRuns(program, deps, act);
  addLists(program, deps, act);
  addPeople(program, deps, act);
  addAccountCommands(program, deps, act);
  addProviderCommands(program, deps, act);
  return program;
}

function addRun(program: Command, deps: CliDeps, act: Wrap): void {
  withCommon(program.command('run'))
    .argument('[brief]', 'a UTF-8 text file, or - for standard input')
    .description('carry out a brief and print the judged result')
    .option('--models <names>', 'models that may work on it, by comma', splitNames)
    .option('--orchestrator <model>', 'model that plans, merges and judges')
    .addOption(
      new Option('--clarify <mode>', 'questions before planning').choices(['ask', 'auto', 'off']),
    )
    .addOption(new Option('--approve <mode>', 'approve the plan first').choices(['ask', 'auto']))
    .option('--panel <n>', '2 to 8 models answer each section side by side', readPanel)
    .option('--rework <n>', 'rounds of rework at most: 0, 1 (default) or 2', readCount)
    .option('--budget-usd <usd>', 'most that may be spent (1 with real accounts)', readAmount)
    .option('--budget-tokens <n>', 'most tokens, input and output', readCount)
    .option('--timeout <duration>', 'such as 30m', readDuration)
    .addOption(new Option('--lane <lane>', 'how urgent').choices(['priority', 'standard', 'batch']))
    .option('--attach <files...>', 'files that belong to the brief')
    .option('--out <dir>', 'write the result and its files there')
    .option('--simulate', 'use the simulated providers even with accounts')
    .option('--behave', behave)
    .option('--faults <list>', faults)
    .option('-y, --yes', 'agree to spend, where nobody can be asked')
    .action(
      act((brief: string | undefined, options: RunOptions) => {
        const given = settleBrief(brief, options);
        return runBrief(deps, given.brief, given.options);
      }),
    );
}

/** `--attach a.txt brief.md` reads as two attachments; the last of them is the brief where none is named. */
function settleBrief(brief: string | undefined, options: RunOptions) {
  if (brief !== undefined) return { brief, options };
  const attach = [...(options.attach ?? [])];
  const last = attach.pop();
  if (last === undefined) {
    throw new CliError('usage', {
      message: 'No brief is named.',
      fix: 'Name a UTF-8 text file, or - for standard input: ./headrace run BRIEF',
    });
  }
  return { brief: last, options: { ...options, attach } };
}

function addServe(program: Command, deps: CliDeps, act: Wrap): void {
  withCommon(program.command('serve'))
    .description('run the gateway')
    .option('--host <host>', 'address to listen on (HEADRACE_HOST, 127.0.0.1)')
    .option('--port <port>', 'port to listen on (HEADRACE_PORT, 8080)')
    .option('--simulate', 'let simulated providers answer')
    .option('--behave', behave)
    .option('--faults <list>', faults)
    .action(act((options: ServeOptions) => serveGateway(deps, options)));
  program
    .command('simulate')
    .description('run the simulated providers alone')
    .option('--port <port>', 'port to listen on', readCount, 0)
    .option('--seed <seed>', 'draws latency and answers', 'headrace')
    .option('--behave', behave)
    .option('--faults <list>', faults)
    .action(
      act((options: { port: number; seed: string; behave?: boolean; faults?: string }) =>
        simulateProviders(deps, {
          ...options,
          behave: options.behave === true,
          faults: options.faults ?? '',
        }),
      ),
    );
}

function addLists(program: Command, deps: CliDeps, act: Wrap): void {
  withCommon(
    program
      .command('models')
      .description('the models')
      .command('list')
      .description('the models that can be called, with their sizes and prices'),
  ).action(act((options: GlobalOptions) => listModels(deps, options)));
  const projects = {
    path: '/api/v1/projects',
    columns: ['id', 'kind', 'title', 'created_at'],
  };
  withCommon(
    program
      .command('projects')
      .description('the projects')
      .command('list')
      .description('the projects that there are'),
  ).action(act((options: GlobalOptions) => listThings(deps, projects, options)));
  withCommon(
    program
      .command('config')
      .description('the configuration')
      .command('validate')
      .description('read it as a server would, and say everything that is wrong with it'),
  ).action(act((options: GlobalOptions) => validateConfig(deps, options)));
}

function addPeople(program: Command, deps: CliDeps, act: Wrap): void {
  const users = program.command('users').description('the users that /token knows');
  withCommon(users.command('add <name>'))
    .description('the password is asked for, or read from standard input')
    .option('--admin', 'may administer')
    .action(act((name: string, options: GlobalOptions) => addUser(deps, name, options)));
  withCommon(users.command('list').description('the users with their roles')).action(
    act((options: GlobalOptions) =>
      listThings(
        deps,
        { path: '/api/v1/users', columns: ['id', 'name', 'role', 'disabled_at'] },
        options,
      ),
    ),
  );
  withCommon(
    users.command('disable <id>').description('its password and its tokens open nothing any more'),
  ).action(
    act((id: string, options: GlobalOptions) =>
      removeThing(deps, { path: `/api/v1/users/${id}`, done: `user ${id} is disabled` }, options),
    ),
  );
  const keys = program.command('keys').description('the keys that open the gateway');
  withCommon(keys.command('add <name>'))
    .description('the key is shown this once')
    .option('--admin', 'may administer')
    .action(act((name: string, options: GlobalOptions) => addKey(deps, name, options)));
  withCommon(keys.command('list').description('the keys by their prefixes')).action(
    act((options: GlobalOptions) =>
      listThings(
        deps,
        {
          path: '/api/v1/keys',
          columns: ['id', 'name', 'prefix', 'role', 'last_used_at', 'revoked_at'],
        },
        options,
      ),
    ),
  );
  withCommon(keys.command('revoke <id>').description('it opens nothing any more')).action(
    act((id: string, options: GlobalOptions) =>
      removeThing(deps, { path: `/api/v1/keys/${id}`, done: `key ${id} is revoked` }, options),
    ),
  );
}
