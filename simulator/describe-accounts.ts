import type { SimulatedAccount, SimulatedLimit } from './accounts.ts';
import { dimensions } from './limits/policy.ts';

/** The accounts as a `headrace.yaml` that a person can start with; JSON strings are YAML strings. */
export function describeAccounts(simulator: { accounts: readonly SimulatedAccount[] }): string {
  const lines = simulator.accounts.flatMap((account) => [
    `  - id: ${account.id}`,
    `    provider: ${account.provider}`,
    '    owner_email: simulator@example.com',
    '    entitlement: "simulated; no vendor is called"',
    `    base_url: ${JSON.stringify(account.base_url)}`,
    `    models: ${list(account.models)}`,
    `    credentials: [{ id: k1, secret: ${JSON.stringify(account.secret)} }]`,
    '    limits:',
    ...account.limits.map((limit) => `      - ${describeLimit(limit)}`),
  ]);
  return `${['accounts:', ...lines].join('\n')}\n`;
}

function describeLimit(limit: SimulatedLimit): string {
  const numbers = dimensions.map((dimension) => `${dimension}: ${limit[dimension]}`);
  return `{ models: ${list(limit.models)}, ${numbers.join(', ')} }`;
}

function list(items: readonly string[]): string {
  return `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
}
