import { z } from 'zod';
import { withClient } from '../administer.ts';
import { confirm } from '../ask-person.ts';
import type { CliDeps } from '../cli-deps.ts';
import { CliError } from '../cli-error.ts';
import { drawTable } from '../draw-table.ts';
import { exitCodes } from '../exit-codes.ts';
import type { GlobalOptions } from '../options.ts';
import { createScreen } from '../screen.ts';
import { accountDocument, accountPath } from './account-document.ts';

/** `accounts enable|disable|drain`. */
export function commandAccount(
  deps: CliDeps,
  { id, verb }: { id: string; verb: 'enable' | 'disable' | 'drain' },
  options: GlobalOptions,
): Promise<number> {
  return withClient(deps, options, async (client) => {
    const account = await client.request({
      method: 'POST',
      path: accountPath(id, `/${verb}`),
      schema: accountDocument,
    });
    createScreen(deps, { json: options.json === true }).print(
      options.json
        ? JSON.stringify(account, null, 2)
        : `account ${account.id} is ${account.state}, ${account.in_flight} calls under way`,
    );
    return exitCodes.passed;
  });
}

/** `accounts remove`: its keys are forgotten, so a person is asked first. */
export async function removeAccount(
  deps: CliDeps,
  id: string,
  options: GlobalOptions & { yes?: boolean },
): Promise<number> {
  const screen = createScreen(deps, { json: options.json === true });
  if (!options.yes) {
    const sure = screen.interactive && (await confirm(deps, `Forget account ${id} and its keys?`));
    if (!sure) {
      throw new CliError('usage', {
        message: 'Nothing was removed.',
        fix: 'Say yes, or add --yes where nobody can be asked.',
      });
    }
  }
  return withClient(deps, options, async (client) => {
    await client.request({ method: 'DELETE', path: accountPath(id), schema: z.unknown() });
    screen.note(`account ${id} is removed; its calls stay on the ledger`);
    return exitCodes.passed;
  });
}

const probes = z.looseObject({
  data: z.array(
    z.looseObject({
      credential: z.string(),
      outcome: z.string(),
      message: z.string().nullable(),
      ms: z.number(),
    }),
  ),
});

/** `accounts test`: asks the vendor with every key; 1 where one is not accepted. */
export function testAccount(deps: CliDeps, id: string, options: GlobalOptions): Promise<number> {
  return withClient(deps, options, async (client) => {
    const screen = createScreen(deps, { json: options.json === true });
    const path = accountPath(id, '/test');
    const { data } = await client.request({ method: 'POST', path, schema: probes });
    screen.print(
      options.json
        ? JSON.stringify(data, null, 2)
        : drawTable(
            ['KEY', 'OUTCOME', 'MS', 'WHY'],
            data.map(({ credential, outcome, ms, message }) => [
              credential,
              outcome,
              String(ms),
              message ?? '',
            ]),
          ),
    );
    const accepted = data.every(({ outcome }) => outcome === 'accepted');
    return accepted ? exitCodes.passed : exitCodes.failed;
  });
}
