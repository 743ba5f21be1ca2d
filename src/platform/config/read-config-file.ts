import { z } from 'zod';
import type { UpstreamPolicy } from '../upstream-address.ts';
import { type CheckAccount, checkAccounts, type PlacedAccount } from './check-accounts.ts';
import type {
  AccountConfig,
  ChoicePolicy,
  ModelPrice,
  ProviderConfig,
  TenantTerms,
  TimeOuts,
} from './config.ts';
import type { ConfigProblem } from './config-problem.ts';
import { accountSchema, type ConfigDocument, configSchema } from './config-schema.ts';
import { describeIssue } from './describe-issue.ts';
import { findStrayVariables } from './find-stray-variables.ts';
import { knownProviders } from './known-providers.ts';
import { checkProvider, readAccount, readUrl } from './read-account.ts';

export interface FileConfig {
  providers: ProviderConfig[];
  accounts: AccountConfig[];
  choice: ChoicePolicy;
  tenants: Record<string, TenantTerms>;
  aliases: Record<string, string>;
  prices: Record<string, ModelPrice>;
  timeOuts: Partial<TimeOuts>;
}

export interface FileContext {
  env: NodeJS.ProcessEnv;
  policy: UpstreamPolicy;
  checkAccount: CheckAccount;
}

type Written<Key extends keyof ConfigDocument> = NonNullable<ConfigDocument[Key]>;

const named = z.looseObject({ id: z.string() });
const ofProvider = z.looseObject({ provider: z.string() });

/** Turns the parsed file into configuration, or says everything that is wrong with it. */
export function readConfigFile(
  document: unknown,
  context: FileContext,
): { config: FileConfig } | { problems: ConfigProblem[] } {
  // A file that holds comments only is a file that sets nothing.
  const problems: ConfigProblem[] = findStrayVariables(document);
  const parsed = configSchema.safeParse(document ?? {});
  if (!parsed.success) {
    problems.unshift(...parsed.error.issues.map((issue) => describeIssue(issue, document)));
    const listed = listAt(document, 'providers').flatMap(
      (each) => named.safeParse(each).data ?? [],
    );
    const known = [...knownProviders, ...listed.map(({ id }) => id)];
    // Their shape may be right where that of others is not: a person mends everything in one go.
    const accounts = readAccounts(listAt(document, 'accounts'), { ...context, known }, problems);
    problems.push(...checkAccounts(accounts).problems);
    return { problems };
  }
  const file = parsed.data;
  const providers = readProviders(file.providers ?? [], context, problems);
  const known = [...knownProviders, ...providers.map((provider) => provider.id)];
  const accounts = readAccounts(file.accounts ?? [], { ...context, known }, problems);
  for (const [name, target] of Object.entries(file.aliases ?? {})) {
    const provider = target.slice(0, target.indexOf('/'));
    checkProvider(provider, { known: [...known, 'headrace'], path: ['aliases', name] }, problems);
  }
  for (const model of Object.keys(file.prices ?? {})) {
    const provider = model.slice(0, model.indexOf('/'));
    checkProvider(provider, { known, path: ['prices', model] }, problems);
  }
  if (problems.length > 0) return { problems: [...problems, ...checkAccounts(accounts).problems] };
  return {
    config: {
      providers,
      accounts: accounts.map(({ account }) => account),
      choice: file.choice ?? 'most_headroom',
      tenants: readTenants(file.tenants ?? {}),
      aliases: { ...file.aliases },
      prices: readPrices(file.prices ?? {}),
      timeOuts: readTimeOuts(file.time_outs ?? {}),
    },
  };
}

function listAt(document: unknown, key: 'providers' | 'accounts'): readonly unknown[] {
  const list = (document as { [key]?: unknown } | null | undefined)?.[key];
  return Array.isArray(list) ? list : [];
}

/** Those that are right in themselves; of those whose shape is wrong only an unknown provider is said here. */
function readAccounts(
  written: readonly unknown[],
  { known, ...context }: FileContext & { known: readonly string[] },
  problems: ConfigProblem[],
): PlacedAccount[] {
  return written.flatMap((document, index) => {
    const path = ['accounts', index];
    const shape = accountSchema.safeParse(document);
    if (!shape.success) {
      const provider = ofProvider.safeParse(document).data?.provider;
      if (provider) checkProvider(provider, { known, path: [...path, 'provider'] }, problems);
      return [];
    }
    const before = problems.length;
    const read = readAccount(shape.data, { ...context, providers: known, path }, problems);
    const account = { ...read, managedBy: 'file' as const };
    problems.push(...context.checkAccount(account, path));
    return problems.length === before ? [{ index, account }] : [];
  });
}

function readProviders(
  written: Written<'providers'>,
  { policy }: FileContext,
  problems: ConfigProblem[],
): ProviderConfig[] {
  const taken = new Set<string>([...knownProviders, 'headrace']);
  return written.map((provider, index) => {
    if (taken.has(provider.id)) {
      problems.push({
        path: ['providers', index, 'id'],
        wrong: `is ${provider.id}, which is taken`,
        fix: 'Give this host another id; the known vendors need no entry here.',
      });
    }
    taken.add(provider.id);
    const path = ['providers', index, 'base_url'];
    return {
      id: provider.id,
      type: provider.type,
      baseUrl: readUrl(provider.base_url, { policy, path }, problems),
    };
  });
}

function readTenants(written: Written<'tenants'>): Record<string, TenantTerms> {
  return Object.fromEntries(
    Object.entries(written).map(([id, { weight = 1, reserve = 0 }]) => [id, { weight, reserve }]),
  );
}

function readPrices(written: Written<'prices'>): Record<string, ModelPrice> {
  return Object.fromEntries(
    Object.entries(written).map(([model, { input, output, cached_input }]) => [
      model,
      { input, output, cachedInput: cached_input ?? null },
    ]),
  );
}

function readTimeOuts(written: Written<'time_outs'>): Partial<TimeOuts> {
  const { first_byte, first_token, idle, reply } = written;
  const given = {
    firstByteMs: first_byte,
    firstTokenMs: first_token,
    idleMs: idle,
    replyMs: reply,
  };
  const set = Object.entries(given).flatMap(([phase, value]) =>
    value === undefined ? [] : [[phase, value * 1000] as const],
  );
  return Object.fromEntries(set);
}
