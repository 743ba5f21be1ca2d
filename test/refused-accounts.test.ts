import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { checkModelClasses } from '../src/dispatch/index.ts';
import { loadConfig } from '../src/platform/config/load-config.ts';
import { isHeadraceError } from '../src/platform/errors/headrace-error.ts';
import { type } from './person.ts';
import { type Simulated, startSimulated } from './start-simulated.ts';
import { openTerminal } from './terminal.ts';

type Rule = { models: string[] } & Record<string, number | string[]>;

interface Written {
  id: string;
  provider: string;
  entitlement?: string;
  limits?: Rule[];
  weight?: number;
  price_factor?: number;
  credentials: { id: string; secret: string }[];
}

/** An account that cannot be taken, and what must be said of it wherever it is written. */
interface Fault {
  name: string;
  account: Written;
  where: string;
  wrong: RegExp;
  fix: RegExp;
}

/** They are there already, wherever the faulty one comes from. */
const present: Written[] = [
  { id: 'held', provider: 'deepseek', credentials: [{ id: 'k1', secret: 'sk-held' }] },
  { id: 'first', provider: 'openai', credentials: [{ id: 'k1', secret: 'sk-first' }] },
];

function written(over: Partial<Written> = {}): Written {
  return {
    id: 'new',
    provider: 'deepseek',
    entitlement: 'unit B',
    credentials: [{ id: 'k1', secret: 'sk-new' }],
    ...over,
  };
}

const limited = (...limits: Rule[]) => written({ limits });
const all = (limits: Record<string, number>): Rule => ({ models: ['*'], ...limits });

const faults: Fault[] = [
  {
    name: 'a negative limit',
    account: limited(all({ rpm: -5 })),
    where: 'limits[0].rpm',
    wrong: /is -5/,
    fix: /whole number from 1 to 10000000, null for unlimited/,
  },
  {
    name: 'a limit of zero',
    account: limited(all({ rpm: 10, tpm: 0 })),
    where: 'limits[0].tpm',
    wrong: /is 0/,
    fix: /whole number from 1 to 1000000000000, null for unlimited/,
  },
  {
    name: 'a limit beyond any vendor',
    account: limited(all({ rpm: 99_999_999_999 })),
    where: 'limits[0].rpm',
    wrong: /is 99999999999/,
    fix: /whole number from 1 to 10000000, null for unlimited/,
  },
  {
    name: 'a limit in parts of a request',
    account: limited(all({ concurrency: 1.5 })),
    where: 'limits[0].concurrency',
    wrong: /is 1\.5/,
    fix: /whole number from 1 to 1000000/,
  },
  {
    name: 'a day that holds less than its minute',
    account: limited(all({ rpm: 10, rpd: 5 })),
    where: 'limits[0].rpd',
    wrong: /is 5, less than the 10 requests of one minute \(rpm\)/,
    fix: /look both up again/,
  },
  {
    name: 'output that exceeds input and output together',
    account: limited(all({ tpm: 10, otpm: 20 })),
    where: 'limits[0].otpm',
    wrong: /is 20, more than the 10 tokens of input and output together \(tpm\)/,
    fix: /Leave otpm out, or look both up again/,
  },
  {
    name: 'a rule behind one for every model',
    account: limited(all({ rpm: 10 }), { models: ['deepseek-flash'], rpm: 5 }),
    where: 'limits[1].models',
    wrong: /names "deepseek-flash", which a rule before it names already/,
    fix: /the rule for "\*" last/,
  },
  {
    name: 'a model class that no model belongs to',
    account: limited({ models: ['deepsek-flash'], rpm: 5 }),
    where: 'limits[0].models[0]',
    wrong: /is the model class "deepsek-flash", which no model of deepseek belongs to/,
    fix: /Did you mean "deepseek-flash"\?/,
  },
  {
    name: 'the key of another account',
    account: written({ credentials: [{ id: 'k1', secret: 'sk-held' }] }),
    where: 'credentials[0].secret',
    wrong: /is the same key as one of account held/,
    fix: /keys of one account share its limits/,
  },
  {
    name: 'a second OpenAI account where the first says no entitlement',
    account: written({ provider: 'openai' }),
    where: 'entitlement',
    wrong: /is (missing|not enough, for first has none), although .*terms forbid several accounts/,
    fix: /what entitles you to use both together, such as "contract/,
  },
  {
    name: 'a weight of zero',
    account: written({ weight: 0 }),
    where: 'weight',
    wrong: /is 0/,
    fix: /above 0 and up to 100/,
  },
  {
    name: 'a negative price',
    account: written({ price_factor: -0.5 }),
    where: 'price_factor',
    wrong: /is -0\.5/,
    fix: /from 0 to 100/,
  },
];

async function start(t: TestContext): Promise<Simulated> {
  const simulated = await startSimulated(t, { declares: 'none' });
  for (const account of present) {
    const response = await simulated.call('/api/v1/accounts', { body: account });
    assert.equal(response.status, 201, await response.text());
  }
  return simulated;
}

const escaped = (text: string) => text.replace(/[[\]().]/g, '\\$&');

/** What, where and how to mend it; never the key. */
function assertTold(shown: string, { where, wrong, fix, account }: Fault, place = ''): void {
  assert.match(shown, new RegExp(`${place}${escaped(where)} ${wrong.source}`));
  assert.match(shown, fix);
  for (const { secret } of account.credentials) assert.ok(!shown.includes(secret), shown);
}

async function typeAccounts(simulated: Simulated, fault: Fault, argv: string[]): Promise<string> {
  const variables = { KEY_NEW: fault.account.credentials[0]?.secret ?? '' };
  const terminal = openTerminal([]);
  const typed = await type(simulated, ['accounts', ...argv], { terminal, variables });
  assert.equal(typed.code, 2, typed.shown);
  assert.equal(typed.printed, '');
  return typed.shown;
}

async function write(simulated: Simulated, name: string, text: string): Promise<string> {
  const path = join(simulated.dataDir, name);
  await writeFile(path, text);
  return path;
}

/** As options of `accounts add`. */
function optionsOf(
  { id, provider, entitlement, limits, weight, price_factor }: Written,
  added = ['--provider', provider, '--secret-env', 'KEY_NEW'],
): string[] {
  const rules = (limits ?? []).flatMap(({ models, ...dimensions }) => [
    '--limit',
    `${models.join(' ')}:${Object.entries(dimensions)
      .map(([name, amount]) => `${name}=${amount}`)
      .join(',')}`,
  ]);
  return [
    id,
    ...added,
    ...(entitlement ? ['--entitlement', entitlement] : []),
    ...rules,
    ...(weight === undefined ? [] : ['--weight', String(weight)]),
    ...(price_factor === undefined ? [] : ['--price-factor', String(price_factor)]),
  ];
}

/** As a row below a header; `null` where a row cannot say it, for its limits are for all models. */
function rowsOf({ limits = [], credentials: _, ...rest }: Written): string | null {
  const [rule, ...others] = limits;
  if (others.length > 0 || (rule && rule.models[0] !== '*')) return null;
  const { models: __, ...dimensions } = rule ?? { models: [] };
  const cells = { ...rest, secret: `\${KEY_NEW}`, ...dimensions };
  return `${Object.keys(cells).join(',')}\n${Object.values(cells).join(',')}\n`;
}

describe('an account that cannot be taken is refused with what is wrong, where and how to mend it', () => {
  it('over HTTP, within the body', async (t) => {
    const simulated = await start(t);
    for (const fault of faults) {
      const response = await simulated.call('/api/v1/accounts', { body: fault.account });
      const problem = (await response.json()) as Record<string, string> & {
        problems: { where: string; message: string; fix: string }[];
      };
      assert.deepEqual([response.status, problem['code']], [422, 'account_invalid'], fault.name);
      const told = problem.problems.find(({ where }) => where === fault.where);
      assert.ok(told, `${fault.name}: ${JSON.stringify(problem.problems)}`);
      assertTold(`${told.message} ${told.fix}`, fault);
      const body = { accounts: [fault.account] };
      const imported = await simulated.call('/api/v1/accounts/import', { body });
      assert.equal(imported.status, 422);
      const whole = (await imported.json()) as typeof problem;
      const listed = whole.problems.map(({ message, fix }) => `${message} ${fix}`).join('\n');
      assertTold(listed, fault, 'accounts\\[0\\]\\.');
    }
    const { data } = (await (await simulated.call('/api/v1/accounts')).json()) as {
      data: { id: string }[];
    };
    assert.deepEqual(data.map(({ id }) => id).toSorted(), ['first', 'held']);
  });

  it('over HTTP and as options, where one that is there would become so', async (t) => {
    const simulated = await start(t);
    const ofTerms = faults.filter(
      ({ account }) => account.limits || account.weight !== undefined || account.price_factor,
    );
    assert.ok(ofTerms.length > 9, String(ofTerms.length));
    const before = await (await simulated.call('/api/v1/accounts/held')).text();
    for (const fault of ofTerms) {
      const { limits, weight, price_factor } = fault.account;
      const body = { limits, weight, price_factor };
      const response = await simulated.call('/api/v1/accounts/held', { method: 'PATCH', body });
      const problem = (await response.json()) as {
        problems: { where: string; message: string; fix: string }[];
      };
      assert.equal(response.status, 422, fault.name);
      const told = problem.problems.find(({ where }) => where === fault.where);
      assert.ok(told, `${fault.name}: ${JSON.stringify(problem.problems)}`);
      assertTold(`${told.message} ${told.fix}`, fault);
      // As an option it is put before the one for every model.
      if (fault.name === 'a rule behind one for every model') continue;
      const argv = ['change', ...optionsOf({ ...fault.account, id: 'held' }, [])];
      assertTold(await typeAccounts(simulated, fault, argv), fault);
    }
    assert.equal(await (await simulated.call('/api/v1/accounts/held')).text(), before);
  });

  it('typed as options', async (t) => {
    const simulated = await start(t);
    for (const fault of faults) {
      const argv = ['add', ...optionsOf(fault.account)];
      assertTold(await typeAccounts(simulated, fault, argv), fault);
    }
  });

  it('imported from YAML, at its line', async (t) => {
    const simulated = await start(t);
    for (const fault of faults) {
      const text = `# one account\naccounts:\n  - ${JSON.stringify(fault.account)}\n`;
      const path = await write(simulated, 'accounts.yaml', text);
      const shown = await typeAccounts(simulated, fault, ['import', path]);
      assertTold(shown, fault, 'accounts\\.yaml:3: ');
    }
  });

  it('imported from CSV, at its row', async (t) => {
    const simulated = await start(t);
    const rows = faults.flatMap((fault) => {
      const row = rowsOf(fault.account);
      return row === null ? [] : [{ fault, row }];
    });
    assert.equal(rows.length, faults.length - 2, 'all but those of some models');
    for (const { fault, row } of rows) {
      const path = await write(simulated, 'accounts.csv', row);
      const shown = await typeAccounts(simulated, fault, ['import', path]);
      assertTold(shown, fault, 'accounts\\.csv:2: ');
    }
  });

  it('declared in headrace.yaml, at its line', () => {
    for (const fault of faults) {
      const lines = [...present, fault.account].map((each) => `  - ${JSON.stringify(each)}\n`);
      const told = (() => {
        try {
          loadConfig({
            env: { HOME: '/home/an' },
            cwd: '/srv/app',
            machine: {
              ...{ isRoot: false, inContainer: false, home: '/home/an', canWrite: () => true },
              readText: () => `accounts:\n${lines.join('')}`,
            },
            checkAccount: checkModelClasses,
          });
        } catch (error) {
          assert.ok(isHeadraceError(error), String(error));
          return error;
        }
        return assert.fail(`${fault.name} was taken`);
      })();
      const at =
        fault.where === 'entitlement' ? `accounts[1].${fault.where}` : `accounts[2].${fault.where}`;
      assertTold(`${told.message} ${told.fix}`, { ...fault, where: at });
      assert.match(`${told.where} ${told.message}`, /headrace\.yaml:[34]:\d+/);
    }
  });
});
