import { resolve } from 'node:path';
import { isHeadraceError } from '../errors/headrace-error.ts';
import { type LogLevel, logLevels } from '../log.ts';
import { createUpstreamPolicy } from '../upstream-address.ts';
import { closestName } from './closest-name.ts';
import type { AccountConfig, Config, ConfigFlags } from './config.ts';
import type { ConfigProblem } from './config-problem.ts';
import { defaultDataDir } from './default-data-dir.ts';
import { keyVariables, knownProviders } from './known-providers.ts';
import type { Machine } from './machine.ts';
import { ollamaUrl } from './ollama-url.ts';
import { readSecretKey } from './read-secret-key.ts';

export interface EnvironmentSources {
  env: NodeJS.ProcessEnv;
  flags: ConfigFlags;
  cwd: string;
  machine: Machine;
}

export type EnvironmentConfig = Omit<
  Config,
  'configFile' | 'providers' | 'choice' | 'tenants' | 'aliases' | 'prices' | 'timeOuts'
>;

const ownVariables = [
  'HEADRACE_HOST',
  'HEADRACE_PORT',
  'HEADRACE_DATA_DIR',
  'HEADRACE_CONFIG',
  'HEADRACE_ADMIN_KEY',
  'HEADRACE_SECRET_KEY',
  'HEADRACE_SECRET_KEY_FILE',
  'HEADRACE_UPSTREAM_ALLOW_CIDRS',
  'HEADRACE_LIMITER_FAIL',
  'HEADRACE_LOG_LEVEL',
  // Read by the command line, which talks to a server that may run elsewhere.
  'HEADRACE_URL',
  'HEADRACE_API_KEY',
];

/** Reads flags and environment; what is wrong is added to `problems`, and a default stands in for it. */
export function readEnvironment(
  sources: EnvironmentSources,
  problems: ConfigProblem[],
): EnvironmentConfig {
  const { env, flags, cwd, machine } = sources;
  refuseMissingAdapters(env, problems);
  const dataDir = flags.dataDir || env['HEADRACE_DATA_DIR'] || defaultDataDir(env, machine);
  return {
    host: readHost(flags.host || env['HEADRACE_HOST'] || '127.0.0.1', problems),
    port: readPort(sources, problems),
    dataDir: resolve(cwd, dataDir.replace(/^~(?=\/|$)/, machine.home)),
    logLevel: readLogLevel(flags.logLevel || env['HEADRACE_LOG_LEVEL'] || 'info', problems),
    adminKey: readAdminKey(env['HEADRACE_ADMIN_KEY'] || null, problems),
    secretKey: readSecretKey(env, machine, problems),
    databaseUrl: readDatabaseUrl(env['DATABASE_URL'] || null, problems),
    ...readRedis(env, problems),
    accounts: readAccounts(env, problems),
    upstreamAllowCidrs: readCidrs(env['HEADRACE_UPSTREAM_ALLOW_CIDRS'] ?? '', problems),
    ollama: readOllama(env['OLLAMA_HOST'] || null, problems),
    warnings: warnOfUnknown(env),
  };
}

// Ignoring one of these would run a single process where someone meant a cluster.
function refuseMissingAdapters(env: NodeJS.ProcessEnv, problems: ConfigProblem[]): void {
  const ports = { KAFKA_BROKERS: 'carrier', RABBITMQ_URL: 'carrier' };
  for (const [variable, port] of Object.entries(ports)) {
    if (!env[variable]) continue;
    problems.push({
      path: [variable],
      wrong: `is set, but this version has only the embedded ${port}`,
      fix: `Unset ${variable}; the embedded ${port} needs no configuration.`,
    });
  }
}

function readHost(host: string, problems: ConfigProblem[]): string {
  if (!/^[\w.:[\]-]{1,255}$/.test(host)) {
    problems.push({
      path: ['HEADRACE_HOST'],
      wrong: 'is neither an address nor a host name',
      fix: 'Write an address to listen on, such as 127.0.0.1, or 0.0.0.0 for every network.',
    });
  }
  return host;
}

function readPort({ env, flags }: EnvironmentSources, problems: ConfigProblem[]): number {
  const variable = env['HEADRACE_PORT'] ? 'HEADRACE_PORT' : 'PORT';
  const fromFlag = flags.port !== undefined && flags.port !== '';
  const written = String(fromFlag ? flags.port : env[variable] || '8080');
  if (/^\d{1,5}$/.test(written) && Number(written) <= 65_535) return Number(written);
  problems.push({
    path: [fromFlag ? '--port' : variable],
    wrong: `is ${JSON.stringify(written.slice(0, 20))}`,
    fix: 'Write a port from 1 to 65535, or 0 for any free one.',
  });
  return 8080;
}

function readLogLevel(written: string, problems: ConfigProblem[]): LogLevel {
  const level = logLevels.find((name) => name === written.toLowerCase());
  if (level) return level;
  const wrong = `is ${JSON.stringify(written.slice(0, 20))}`;
  problems.push({
    path: ['HEADRACE_LOG_LEVEL'],
    wrong,
    fix: `Write one of ${logLevels.join(', ')}.`,
  });
  return 'info';
}

function readAdminKey(key: string | null, problems: ConfigProblem[]): string | null {
  if (key !== null && !/^[\x21-\x7e]{16,256}$/.test(key)) {
    problems.push({
      path: ['HEADRACE_ADMIN_KEY'],
      wrong: 'is not 16 to 256 printable ASCII characters without spaces',
      fix: 'Make one with: openssl rand -hex 24',
    });
  }
  return key;
}

function readDatabaseUrl(written: string | null, problems: ConfigProblem[]): string | null {
  // A socket directory as host (postgres:///name?host=/run/postgresql) is a URL with no host name.
  if (written !== null && !(/^postgres(ql)?:\/\//.test(written) && URL.canParse(written))) {
    problems.push({
      path: ['DATABASE_URL'],
      wrong: 'is not the address of a PostgreSQL',
      fix: 'Write postgres://user:password@host:5432/database.',
    });
  }
  return written;
}

function readRedis(
  env: NodeJS.ProcessEnv,
  problems: ConfigProblem[],
): Pick<Config, 'redisUrl' | 'limiterFail'> {
  const redisUrl = env['REDIS_URL'] || null;
  if (redisUrl !== null && !(/^rediss?:\/\/./.test(redisUrl) && URL.canParse(redisUrl))) {
    problems.push({
      path: ['REDIS_URL'],
      wrong: 'is not the address of a Redis or Valkey',
      fix: 'Write redis://user:password@host:6379/0, or rediss:// for TLS.',
    });
  }
  const limiterFail = env['HEADRACE_LIMITER_FAIL'] || 'closed';
  if (limiterFail === 'closed' || limiterFail === 'open') return { redisUrl, limiterFail };
  problems.push({
    path: ['HEADRACE_LIMITER_FAIL'],
    wrong: 'is neither closed nor open',
    fix: 'Write closed (each process keeps to its share while Redis is away) or open.',
  });
  return { redisUrl, limiterFail: 'closed' };
}

function readAccounts(env: NodeJS.ProcessEnv, problems: ConfigProblem[]): AccountConfig[] {
  return knownProviders.flatMap((provider) => {
    const variable = keyVariables[provider];
    const secret = env[variable]?.trim();
    if (!secret) return [];
    if (!/^[\x21-\x7e]+$/.test(secret)) {
      const wrong = 'holds a space or a character outside ASCII';
      problems.push({
        path: [variable],
        wrong,
        fix: 'Copy the key again, without quotes around it.',
      });
    }
    return [environmentAccount(provider, secret)];
  });
}

function environmentAccount(provider: string, secret: string): AccountConfig {
  return {
    id: `${provider}-env`,
    provider,
    ownerEmail: null,
    entitlement: null,
    baseUrl: null,
    models: [],
    credentials: [{ id: 'env', secret }],
    limits: [],
    weight: 1,
    priceFactor: 1,
    managedBy: 'environment',
  };
}

function readCidrs(written: string, problems: ConfigProblem[]): string[] {
  const cidrs = written.split(/[\s,]+/).filter((cidr) => cidr !== '');
  try {
    createUpstreamPolicy(cidrs);
    return cidrs;
  } catch (error) {
    if (!isHeadraceError(error)) throw error;
    const wrong = 'holds something that is not a network in CIDR notation';
    problems.push({ path: ['HEADRACE_UPSTREAM_ALLOW_CIDRS'], wrong, fix: error.fix });
    return [];
  }
}

function readOllama(written: string | null, problems: ConfigProblem[]): Config['ollama'] {
  const url = ollamaUrl(written ?? '127.0.0.1:11434');
  if (url !== null) return { url, configured: written !== null };
  const fix = 'Write host:port, such as 127.0.0.1:11434.';
  problems.push({ path: ['OLLAMA_HOST'], wrong: 'is not an address', fix });
  return { url: 'http://127.0.0.1:11434', configured: false };
}

// A misspelt variable would otherwise be a setting that silently does nothing.
function warnOfUnknown(env: NodeJS.ProcessEnv): Config['warnings'] {
  return Object.keys(env)
    .filter((name) => /^HEADRACE_(?!TEST_)/.test(name) && !ownVariables.includes(name))
    .map((name) => {
      const closest = closestName(name, ownVariables);
      return {
        where: name,
        message: `${name} is not known${closest ? `; did you mean ${closest}?` : '.'}`,
      };
    });
}
