import type { z } from 'zod';
import { isHeadraceError } from '../errors/headrace-error.ts';
import { judgeUpstreamUrl, type UpstreamPolicy } from '../upstream-address.ts';
import { checkLimits } from './check-limits.ts';
import { closestName } from './closest-name.ts';
import type { AccountConfig, LimitRule } from './config.ts';
import type { ConfigProblem, Path } from './config-problem.ts';
import type { accountSchema } from './config-schema.ts';
import { expandSecret, takeSecret } from './expand-secret.ts';
import { readRights } from './read-rights.ts';

export interface AccountContext {
  /** Where `${NAME}` is looked up; `null`: a secret stands for itself. */
  env: NodeJS.ProcessEnv | null;
  policy: UpstreamPolicy;
  /** Providers that are known or declared. */
  providers: readonly string[];
  path: Path;
}

/** A well-formed account → what it means; adds what is wrong with its values to `problems`. */
export function readAccount(
  written: z.infer<typeof accountSchema>,
  context: AccountContext,
  problems: ConfigProblem[],
): Omit<AccountConfig, 'managedBy'> {
  const { path, providers, env } = context;
  checkProvider(written.provider, { known: providers, path: [...path, 'provider'] }, problems);
  const url = written.base_url;
  const credentials = written.credentials.map(({ id, secret, ...rights }, index) => {
    const expanded =
      env === null
        ? takeSecret(secret)
        : expandSecret(secret, (name) => (Object.hasOwn(env, name) ? env[name] : undefined));
    const at = { provider: written.provider, path: [...path, 'credentials', index] };
    const admin = readRights(rights, at, problems);
    if ('value' in expanded) return { id, secret: expanded.value, ...(admin ? { admin } : {}) };
    problems.push({ path: [...path, 'credentials', index, 'secret'], ...expanded });
    return { id, secret: '' };
  });
  if (written.credentials.every(({ kind }) => kind === 'admin')) {
    const fix = 'Add a key without kind: an administrator’s is never used for calls.';
    problems.push({ path: [...path, 'credentials'], wrong: 'has no key that calls', fix });
  }
  const limits = (written.limits ?? []).map(withoutOmitted);
  problems.push(...checkLimits(limits, path));
  return {
    id: written.id,
    provider: written.provider,
    ownerEmail: written.owner_email ?? null,
    entitlement: written.entitlement ?? null,
    baseUrl:
      url === undefined
        ? null
        : readUrl(url, { ...context, path: [...path, 'base_url'] }, problems),
    models: written.models ?? [],
    credentials,
    limits,
    weight: written.weight ?? 1,
    priceFactor: written.price_factor ?? 1,
  };
}

// An omitted dimension means "learn" and must stay absent, not become a key that holds undefined.
function withoutOmitted({
  models,
  ...dimensions
}: NonNullable<z.infer<typeof accountSchema>['limits']>[number]): LimitRule {
  const set = Object.entries(dimensions).filter(([, value]) => value !== undefined);
  return { models, ...Object.fromEntries(set) };
}

export function readUrl(
  written: string,
  { policy, path }: { policy: UpstreamPolicy; path: Path },
  problems: ConfigProblem[],
): string {
  try {
    return judgeUpstreamUrl(written, policy).href.replace(/\/+$/, '');
  } catch (error) {
    if (!isHeadraceError(error)) throw error;
    const reason = error.message.replace(/^This address is refused\. |\.$/g, '');
    problems.push({
      path,
      wrong: `is refused: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`,
      fix: error.fix,
    });
    return '';
  }
}

export function checkProvider(
  provider: string,
  { known, path }: { known: readonly string[]; path: Path },
  problems: ConfigProblem[],
): void {
  if (known.includes(provider)) return;
  const closest = closestName(provider, known);
  const advice = closest ? `Did you mean ${closest}?` : 'Declare the host under providers.';
  problems.push({
    path,
    wrong: `names the provider ${JSON.stringify(provider.slice(0, 60))}, which is neither known nor declared`,
    fix: `${advice} Known here: ${known.join(', ')}.`,
  });
}
