import { z } from 'zod';
import { withClient } from '../administer.ts';
import type { CliDeps } from '../cli-deps.ts';
import { drawTable } from '../draw-table.ts';
import { exitCodes } from '../exit-codes.ts';
import type { GlobalOptions } from '../options.ts';
import { formatCount } from '../printable.ts';
import { createScreen } from '../screen.ts';

export interface ExplainOptions extends GlobalOptions {
  model: string;
  tokens: number;
  output: number;
  affinity?: string;
}

const explanation = z.looseObject({
  model: z.string(),
  cost: z.record(z.string(), z.number()),
  chosen: z.string().nullable(),
  held: z.looseObject({ by: z.string(), reason: z.string() }).nullish(),
  accounts: z.array(
    z.looseObject({
      id: z.string(),
      state: z.string(),
      verdict: z.string(),
      reason: z.string(),
      weight: z.number(),
      price_factor: z.number(),
    }),
  ),
});

/** `accounts explain`: who would get such a call, and why each other would not; 5 where nobody would now. */
export function explainChoice(deps: CliDeps, options: ExplainOptions): Promise<number> {
  return withClient(deps, options, async (client) => {
    const screen = createScreen(deps, { json: options.json === true });
    const found = await client.request({
      method: 'POST',
      path: '/api/v1/accounts/explain',
      body: {
        model: options.model,
        input_tokens: options.tokens,
        output_tokens: options.output,
        ...(options.affinity ? { affinity: options.affinity } : {}),
      },
      schema: explanation,
    });
    if (options.json) screen.print(JSON.stringify(found, null, 2));
    else {
      const cost = Object.entries(found.cost)
        .filter(([, amount]) => amount > 0)
        .map(([name, amount]) => `${name} ${formatCount(amount)}`);
      screen.note(`${found.model}; such a call takes ${cost.join(', ')}`);
      screen.print(drawAccounts(found.accounts));
      if (found.held) screen.note(describeHeld(found.held, found.model));
    }
    return found.chosen === null ? exitCodes.noCapacity : exitCodes.passed;
  });
}

function describeHeld({ by, reason }: { by: string; reason: string }, model: string): string {
  const [provider = ''] = model.split('/');
  return by === 'drain'
    ? `${reason} ./headrace providers resume ${provider} takes it back.`
    : `${reason} ./headrace providers list tells how it goes on.`;
}

/** Weights and prices have columns of their own where an account has one that is not usual. */
function drawAccounts(accounts: z.infer<typeof explanation>['accounts']): string {
  const usual = accounts.every(({ weight, price_factor }) => weight === 1 && price_factor === 1);
  const terms = usual ? [] : ['WEIGHT', 'PRICE'];
  return drawTable(
    ['ACCOUNT', 'VERDICT', 'STATE', ...terms, 'WHY'],
    accounts.map(({ id, verdict, state, weight, price_factor, reason }) => [
      id,
      verdict,
      state,
      ...(usual ? [] : [String(weight), `× ${price_factor}`]),
      reason,
    ]),
  );
}
