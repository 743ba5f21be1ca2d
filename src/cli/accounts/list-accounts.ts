import { withClient } from '../administer.ts';
import type { CliDeps } from '../cli-deps.ts';
import { drawTable } from '../draw-table.ts';
import { exitCodes } from '../exit-codes.ts';
import type { GlobalOptions } from '../options.ts';
import { createScreen } from '../screen.ts';
import { type AccountDocument, accountList } from './account-document.ts';

/** `accounts list`: every account, and a line for each pool that is smaller than it was meant to be. */
export function listAccounts(deps: CliDeps, options: GlobalOptions): Promise<number> {
  return withClient(deps, options, async (client) => {
    const screen = createScreen(deps, { json: options.json === true });
    const { data } = await client.request({
      method: 'GET',
      path: '/api/v1/accounts',
      schema: accountList,
    });
    if (options.json) {
      screen.print(JSON.stringify(data, null, 2));
      return exitCodes.passed;
    }
    const now = deps.clock.now();
    screen.print(
      drawTable(
        head,
        data.map((account) => rowOf(account, now)),
      ),
    );
    for (const line of [...describeShrunken(data), ...describeShared(data)]) screen.note(line);
    return exitCodes.passed;
  });
}

const head = ['ID', 'PROVIDER', 'DECLARED IN', 'STATE', 'UNTIL', 'CALLS', 'KEYS', 'MODELS'];

function rowOf(account: AccountDocument, now: number): string[] {
  const keys = account.credentials.filter(({ kind }) => kind !== 'admin');
  const refused = keys.filter(({ refused_at }) => refused_at !== null).length;
  return [
    account.id,
    account.provider,
    account.managed_by,
    describeState(account),
    account.state_until === null ? '' : describeUntil(account.state_until, now),
    String(account.in_flight),
    refused > 0 ? `${keys.length} (${refused} refused)` : String(keys.length),
    account.models.length === 0 ? 'all' : account.models.join(' '),
  ];
}

/** `cooling (tpm, stated)` */
function describeState({ state, pauses, state_reason }: AccountDocument): string {
  const pause = pauses.find((held) => held.state === state);
  if (!pause) return state;
  const scope = [pause.dimension, pause.models?.join(' '), state_reason?.provenance];
  return `${state} (${scope.filter(Boolean).join(', ')})`;
}

/** `in 42s`; a guess that ran out waits for its trial. */
export function describeUntil(until: string, now: number): string {
  const left = Math.ceil((Date.parse(until) - now) / 1000);
  if (left <= 0) return 'next call';
  if (left < 120) return `in ${left}s`;
  return left < 7200 ? `in ${Math.round(left / 60)}min` : until.slice(0, 16).replace('T', ' ');
}

/** One line per pool that lost accounts, and why: none shrinks silently. */
function describeShrunken(accounts: readonly AccountDocument[]): string[] {
  const pools = Map.groupBy(accounts, ({ provider }) => provider);
  return [...pools].flatMap(([provider, pool]) => {
    const away = pool.filter(({ state }) => state !== 'active' && state !== 'cooling');
    if (away.length === 0) return [];
    const why = away.map(({ id, state, state_reason }) =>
      `${id} is ${state}${state_reason ? `: ${state_reason.message}` : ''}`.replace(/\.$/, ''),
    );
    return [
      `${provider}: ${pool.length - away.length} of ${pool.length} accounts in use (${why.join('; ')}).`,
    ];
  });
}

/** From this share on: less may be chance. */
const toldFrom = 0.2;

/** One line per account whose limits somebody else uses, too. */
function describeShared(accounts: readonly AccountDocument[]): string[] {
  return accounts.flatMap((account) =>
    account.foreign_use && account.foreign_use.share >= toldFrom
      ? [`${account.id}: others use ${describeForeignUse(account)}.`]
      : [],
  );
}

/** `34 % of what is used of rpm (gpt-5*)` */
export function describeForeignUse({ foreign_use }: AccountDocument): string {
  if (foreign_use === null) return 'nothing that answers show';
  const { share, dimension, models } = foreign_use;
  return `${Math.round(share * 100)} % of what is used of ${dimension} (${models.join(' ')})`;
}
