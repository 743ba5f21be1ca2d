import { sleep } from '../../platform/clock.ts';
import { withClient } from '../administer.ts';
import type { CliDeps } from '../cli-deps.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { HttpClient } from '../http-client.ts';
import type { GlobalOptions } from '../options.ts';
import { createScreen } from '../screen.ts';
import { type AccountDocument, accountList } from './account-document.ts';
import { drawBars } from './draw-bars.ts';

const everyMs = 1000;

/** `accounts watch`: a live bar per limit until interrupted; one picture where nobody watches. */
export function watchAccounts(
  deps: CliDeps,
  ids: readonly string[],
  options: GlobalOptions,
): Promise<number> {
  // It may run for hours, and whoever starts a run meanwhile finds the server that it started.
  return withClient(deps, { ...options, idle: false }, async (client) => {
    const screen = createScreen(deps, { json: options.json === true });
    const draw = (accounts: readonly AccountDocument[]) =>
      drawBars({
        accounts,
        now: deps.clock.now(),
        columns: deps.stderr.columns ?? 80,
        rows: screen.interactive ? (deps.stderr.rows ?? 24) : Number.POSITIVE_INFINITY,
        colors: screen.colors,
      });
    if (!screen.interactive) {
      const accounts = await readAccounts(client, ids);
      screen.print(options.json ? JSON.stringify(accounts, null, 2) : draw(accounts));
      return exitCodes.passed;
    }
    const stop = new AbortController();
    const deaf = deps.onInterrupt(() => stop.abort());
    try {
      while (!stop.signal.aborted) {
        screen.redraw(draw(await readAccounts(client, ids)));
        await sleep(deps.clock, everyMs, stop.signal).catch(() => undefined);
      }
    } finally {
      deaf();
      screen.settle();
    }
    return exitCodes.passed;
  });
}

async function readAccounts(
  client: HttpClient,
  ids: readonly string[],
): Promise<AccountDocument[]> {
  const { data } = await client.request({
    method: 'GET',
    path: '/api/v1/accounts?include=buckets',
    schema: accountList,
  });
  const missing = ids.find((id) => !data.some((account) => account.id === id));
  if (missing !== undefined) {
    throw new CliError('usage', {
      message: `There is no account ${missing}.`,
      fix: './headrace accounts list names them.',
    });
  }
  return ids.length === 0 ? data : data.filter(({ id }) => ids.includes(id));
}
