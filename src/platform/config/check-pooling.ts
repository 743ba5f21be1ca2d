import type { ConfigWarning } from './config.ts';
import { type ConfigProblem, formatPath, type Path } from './config-problem.ts';
import { type KnownProvider, keyVariables, poolingNeedsEntitlement } from './known-providers.ts';

/** An account as far as it matters to the others, wherever it comes from. */
export interface PooledAccount {
  id: string;
  provider: string;
  baseUrl: string | null;
  entitlement: string | null;
  managedBy: 'file' | 'environment' | 'simulation' | 'api';
  /** Fingerprints of its secrets, all made in one way. */
  credentials: readonly { id: string; print: string; isAdmin?: boolean }[];
  /** Where a part of it is written; `null`: it was there before and is not being written now. */
  place: ((part: Path) => Path) | null;
}

export interface Findings {
  problems: ConfigProblem[];
  warnings: ConfigWarning[];
}

/** What is wrong between accounts, each of which is well-formed alone. */
export function checkPooling(accounts: readonly PooledAccount[]): Findings {
  const problems = [...repeatedIds(accounts), ...repeatedSecrets(accounts)];
  const { problems: refused, warnings } = unentitledPools(accounts);
  return { problems: [...problems, ...refused], warnings };
}

function repeatedIds(accounts: readonly PooledAccount[]): ConfigProblem[] {
  // Whether the one that has the id is being written now.
  const seen = new Map<string, boolean>();
  const problems: ConfigProblem[] = [];
  for (const { id, credentials, place } of accounts) {
    const written = seen.get(id);
    if (place && written !== undefined) {
      problems.push({ path: place(['id']), ...repeatedId(id, written) });
    }
    seen.set(id, place !== null);
    const ids = credentials.map((credential) => credential.id);
    const repeated = ids.findIndex((each, index) => ids.indexOf(each) !== index);
    if (place && repeated >= 0) {
      const path = place(['credentials', repeated, 'id']);
      problems.push({ path, wrong: 'repeats an id of this account', fix: 'Give each its own id.' });
    }
  }
  return problems;
}

function repeatedId(id: string, written: boolean): Omit<ConfigProblem, 'path'> {
  if (written) return { wrong: `repeats the id ${id}`, fix: 'Give each its own id.' };
  return {
    wrong: `is ${id}, and there is an account ${id} already`,
    fix: 'Give it another id, or remove that account first.',
  };
}

// The same key in two accounts would be given the limits of both, and be refused by its vendor.
function repeatedSecrets(accounts: readonly PooledAccount[]): ConfigProblem[] {
  const owners = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const account of accounts) {
    for (const [index, { print, isAdmin }] of account.credentials.entries()) {
      // One administrator speaks for all projects of an organisation.
      if (isAdmin) continue;
      const scope = isVendor(account.provider) ? '' : (account.baseUrl ?? '');
      const key = [account.provider, scope, print].join(' ');
      const owner = owners.get(key);
      if (owner !== undefined && account.place) {
        const path = account.place(['credentials', index, 'secret']);
        problems.push({ path, ...repeatedKey(owner, owner === account.id) });
      }
      owners.set(key, account.id);
    }
  }
  return problems;
}

function repeatedKey(owner: string, own: boolean): Omit<ConfigProblem, 'path'> {
  if (own)
    return { wrong: `is a key that account ${owner} has already`, fix: 'Write each key once.' };
  return {
    wrong: `is the same key as one of account ${owner}`,
    fix: 'Keep it in one account: keys of one account share its limits.',
  };
}

function unentitledPools(accounts: readonly PooledAccount[]): Findings {
  const findings: Findings = { problems: [], warnings: [] };
  for (const account of accounts) {
    const pool = accounts.filter((other) => other.provider === account.provider);
    const size = new Set(pool.map(({ id }) => id)).size;
    if (size < 2 || account.entitlement !== null || !isVendor(account.provider)) continue;
    // What was there before is judged where somebody joins it now.
    const writing = account.place ? account : pool.find(({ place }) => place !== null);
    if (!writing?.place) continue;
    const path = writing.place(['entitlement']);
    const others = `${account.id} is pooled with ${size - 1} more of ${account.provider}`;
    if (poolingNeedsEntitlement.has(account.provider)) {
      findings.problems.push({
        path,
        wrong: `${wrongOf(account, writing)}, although ${others}, whose terms forbid several accounts as a way round their limits`,
        fix: entitlementFix(account),
      });
    } else if (writing === account) {
      findings.warnings.push({
        where: formatPath(path),
        message: `${others} and has no entitlement note; say what entitles you to use both together.`,
      });
    }
  }
  return findings;
}

function wrongOf(account: PooledAccount, writing: PooledAccount): string {
  if (writing !== account) return `is not enough, for ${account.id} has none`;
  return account.managedBy === 'environment' ? 'adds an account without entitlement' : 'is missing';
}

function entitlementFix({ id, provider, managedBy, place }: PooledAccount): string {
  if (managedBy === 'environment') {
    const variable = keyVariables[provider as KnownProvider];
    return `Unset ${variable}, or declare the account in headrace.yaml with its entitlement.`;
  }
  const note =
    'what entitles you to use both together, such as "contract 2026-114, business unit A"';
  if (place) return `Say ${note}, or remove one.`;
  return managedBy === 'file'
    ? `Say in headrace.yaml at ${id} ${note}.`
    : `Say ${note}: ./headrace accounts change ${id} --entitlement NOTE.`;
}

function isVendor(provider: string): boolean {
  return Object.hasOwn(keyVariables, provider);
}
