import { basename, resolve } from 'node:path';
import { HeadraceError, isHeadraceError } from '../errors/headrace-error.ts';
import { createUpstreamPolicy } from '../upstream-address.ts';
import { type CheckAccount, checkAccounts, fingerprint } from './check-accounts.ts';
import type { AccountConfig, Config, ConfigFlags } from './config.ts';
import {
  type ConfigProblem,
  formatPath,
  type LocatedProblem,
  type Path,
  problemError,
} from './config-problem.ts';
import { defaultAliases } from './default-aliases.ts';
import { type Machine, thisMachine } from './machine.ts';
import { type ParsedYaml, parseYaml } from './parse-yaml.ts';
import { type FileConfig, type FileContext, readConfigFile } from './read-config-file.ts';
import { readEnvironment } from './read-environment.ts';

export interface ConfigSources {
  env: NodeJS.ProcessEnv;
  /** Where relative paths and the default `headrace.yaml` are looked for. */
  cwd: string;
  flags?: ConfigFlags;
  machine?: Machine;
  /** Finds nothing where omitted. */
  checkAccount?: CheckAccount;
}

interface ReadFile extends FileConfig {
  path: string | null;
  problems: readonly LocatedProblem[];
  locate: (path: Path) => string;
}

/**
 * Reads flags, environment and `headrace.yaml`, in this order of precedence, once.
 * @throws HeadraceError `config_invalid` for a wrong value, `secret_key_required` where DATABASE_URL
 * stands alone; nothing else.
 */
export function loadConfig(sources: ConfigSources): Config {
  try {
    return readConfig({
      flags: {},
      machine: thisMachine(sources.env),
      checkAccount: () => [],
      ...sources,
    });
  } catch (error) {
    if (isHeadraceError(error)) throw error;
    throw new HeadraceError('config_invalid', {
      message: 'The configuration cannot be read.',
      cause: error,
    });
  }
}

function readConfig(sources: Required<ConfigSources>): Config {
  const found: ConfigProblem[] = [];
  const environment = readEnvironment(sources, found);
  const file = readFile(sources, environment.upstreamAllowCidrs);
  const problems = [
    ...found.map((problem) => ({ ...problem, where: formatPath(problem.path) })),
    ...file.problems,
  ];
  if (problems.length > 0) throw problemError(problems);
  if (environment.databaseUrl !== null && environment.secretKey === null) {
    throw new HeadraceError('secret_key_required', { where: 'HEADRACE_SECRET_KEY' });
  }
  const accounts = joinAccounts(file.accounts, environment.accounts);
  const findings = checkAccounts(accounts.map((account, index) => ({ index, account })));
  if (findings.problems.length > 0) throw problemError(locateAll(findings.problems, file.locate));
  return {
    ...environment,
    configFile: file.path,
    providers: file.providers,
    accounts,
    choice: file.choice,
    tenants: file.tenants,
    aliases: { ...defaultAliases, ...file.aliases },
    timeOuts: file.timeOuts,
    prices: file.prices,
    warnings: [...environment.warnings, ...findings.warnings],
  };
}

const nothing: Omit<ReadFile, 'path'> = {
  locate: formatPath,
  problems: [],
  providers: [],
  accounts: [],
  choice: 'most_headroom' as const,
  tenants: {},
  aliases: {},
  timeOuts: {},
  prices: {},
};

function readFile(sources: Required<ConfigSources>, cidrs: readonly string[]): ReadFile {
  const { env, cwd, flags, machine, checkAccount } = sources;
  const named = flags.config || env['HEADRACE_CONFIG'] || null;
  const path = resolve(cwd, named ?? 'headrace.yaml');
  const text = readText(path, machine);
  if (text === null) {
    if (named === null) return { path: null, ...nothing };
    throw new HeadraceError('config_invalid', {
      message: 'The configuration file is not there.',
      where: path,
      fix: 'Correct HEADRACE_CONFIG or --config, or make the file.',
    });
  }
  const parsed = parseYaml(text);
  const name = basename(path);
  if ('wrong' in parsed) {
    throw new HeadraceError('config_invalid', {
      message: `${name} ${parsed.wrong}.`,
      where: `${name}:${parsed.position}`,
      fix: 'Compare the line with the example in docs/configuration.md.',
    });
  }
  return {
    path,
    ...interpret(parsed, name, { env, policy: createUpstreamPolicy(cidrs), checkAccount }),
  };
}

function interpret(parsed: ParsedYaml, name: string, context: FileContext): Omit<ReadFile, 'path'> {
  // A problem of the environment has a variable for its path, and no place in the file.
  const locate = (path: Path) =>
    /^[A-Z_]+_API_KEY$/.test(String(path[0])) ? String(path[0]) : `${name}:${parsed.locate(path)}`;
  const read = readConfigFile(parsed.value, context);
  if ('config' in read) return { ...nothing, locate, ...read.config };
  return { ...nothing, locate, problems: locateAll(read.problems, locate) };
}

function locateAll(
  problems: readonly ConfigProblem[],
  locate: (path: Path) => string,
): LocatedProblem[] {
  return problems.map((problem) => ({ ...problem, where: locate(problem.path) }));
}

function readText(path: string, machine: Machine): string | null {
  try {
    return machine.readText(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    throw new HeadraceError('config_invalid', {
      message: `The configuration file cannot be read: ${reason.slice(0, 200)}.`,
      where: path,
      fix: 'Name a UTF-8 text file that this user may read.',
      cause: error,
    });
  }
}

// A key that the file already names through ${NAME} is the file's account, not a second one.
function joinAccounts(
  fromFile: AccountConfig[],
  fromEnvironment: AccountConfig[],
): AccountConfig[] {
  const prints = new Set(
    fromFile.flatMap(({ provider, credentials }) =>
      credentials.map(({ secret }) => `${provider} ${fingerprint(secret)}`),
    ),
  );
  const added = fromEnvironment.filter(({ provider, credentials }) =>
    credentials.every(({ secret }) => !prints.has(`${provider} ${fingerprint(secret)}`)),
  );
  return [...fromFile, ...added];
}
