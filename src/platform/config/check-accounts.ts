import { createHash } from 'node:crypto';
import type { AccountConfig, ConfigWarning } from './config.ts';
import { type ConfigProblem, formatPath, type Path } from './config-problem.ts';
import { type KnownProvider, keyVariables, poolingNeedsEntitlement } from './known-providers.ts';

interface Findings {
  problems: ConfigProblem[];
  warnings: ConfigWarning[];
}

/** What is wrong between accounts, each of which is well-formed alone. */
export function checkAccounts(accounts: readonly AccountConfig[]): Findings {
  const problems = [...repeatedIds(accounts), ...repeatedSecrets(accounts)];
  const { problems: refused, warnings } = unentitledPools(accounts);
  return { problems: [...problems, ...refused], warnings };
}

/** Identifies a secret without holding it; 128 bits, so that no two differ and agree. */
export function fingerprint(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 32);
}

// The place of a part of an account: within the file, or the variable that the whole account came from.
function placeOf(accounts: readonly AccountConfig[], account: AccountConfig, part: Path): Path {
  if (account.managedBy === 'environment') return [variableOf(account)];
  return ['accounts', accounts.indexOf(account), ...part];
}

function variableOf(account: AccountConfig): string {
  return keyVariables[account.provider as KnownProvider];
}

function repeatedIds(accounts: readonly AccountConfig[]): ConfigProblem[] {
  const seen = new Set<string>();
  const problems: ConfigProblem[] = [];
  for (const account of accounts) {
    const fix = 'Give each its own id.';
    if (seen.has(account.id)) {
      const path = placeOf(accounts, account, ['id']);
      problems.push({ path, wrong: `repeats the id ${account.id}`, fix });
    }
    seen.add(account.id);
    const ids = account.credentials.map((credential) => credential.id);
    const repeated = ids.findIndex((id, index) => ids.indexOf(id) !== index);
    if (repeated >= 0) {
      const path = placeOf(accounts, account, ['credentials', repeated, 'id']);
      problems.push({ path, wrong: 'repeats an id of this account', fix });
    }
  }
  return problems;
}

// The same key in two accounts would be given the limits of both, and be refused by its vendor.
function repeatedSecrets(accounts: readonly AccountConfig[]): ConfigProblem[] {
  const owners = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const account of accounts) {
    for (const [index, { secret }] of account.credentials.entries()) {
      const scope = isVendor(account.provider) ? '' : (account.baseUrl ?? '');
      const print = [account.provider, scope, fingerprint(secret)].join(' ');
      const owner = owners.get(print);
      if (owner !== undefined) {
        problems.push({
          path: placeOf(accounts, account, ['credentials', index, 'secret']),
          wrong: `is the same key as one of account ${owner}`,
          fix: 'Keep it in one account: keys of one account share its limits.',
        });
      }
      owners.set(print, account.id);
    }
  }
  return problems;
}

function unentitledPools(accounts: readonly AccountConfig[]): Findings {
  const findings: Findings = { problems: [], warnings: [] };
  for (const account of accounts) {
    const pool = accounts.filter((other) => other.provider === account.provider);
    if (pool.length < 2 || account.entitlement !== null || !isVendor(account.provider)) continue;
    const path = placeOf(accounts, account, ['entitlement']);
    const others = `${account.id} is pooled with ${pool.length - 1} more of ${account.provider}`;
    if (poolingNeedsEntitlement.has(account.provider)) {
      findings.problems.push({
        path,
        wrong: `${account.managedBy === 'file' ? 'is missing' : 'adds an account without entitlement'}, although ${others}, whose terms forbid several accounts as a way round their limits`,
        fix: entitlementFix(account),
      });
    } else {
      findings.warnings.push({
        where: formatPath(path),
        message: `${others} and has no entitlement note; say what entitles you to use both together.`,
      });
    }
  }
  return findings;
}

function entitlementFix(account: AccountConfig): string {
  if (account.managedBy === 'environment') {
    const variable = variableOf(account);
    return `Unset ${variable}, or declare the account in headrace.yaml with its entitlement.`;
  }
  return 'Say what entitles you to use both together, such as "contract 2026-114, business unit A", or remove one.';
}

function isVendor(provider: string): boolean {
  return Object.hasOwn(keyVariables, provider);
}
