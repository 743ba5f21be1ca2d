import { withClient } from './administer.ts';
import type { CliDeps } from './cli-deps.ts';
import { drawTable } from './draw-table.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './options.ts';
import { formatCount } from './printable.ts';
import { type ListedModel, readModels } from './read-models.ts';
import { createScreen } from './screen.ts';

/** `models list`: what can be called, how much it reads and writes, and what that costs. */
export function listModels(deps: CliDeps, options: GlobalOptions): Promise<number> {
  return withClient(deps, options, async (client) => {
    const screen = createScreen(deps, { json: options.json === true });
    const models = await readModels(client);
    screen.print(
      options.json
        ? JSON.stringify(models, null, 2)
        : drawTable(['MODEL', 'CONTEXT', 'OUTPUT', 'USD PER MILLION', ''], models.map(rowOf)),
    );
    return exitCodes.passed;
  });
}

function rowOf({ id, headrace }: ListedModel): string[] {
  if (!headrace) return [id];
  const { context_tokens, max_output_tokens, input_usd_per_million, output_usd_per_million } =
    headrace;
  const price =
    input_usd_per_million === null || output_usd_per_million === null
      ? 'no price known'
      : `${input_usd_per_million} in, ${output_usd_per_million} out`;
  return [
    id,
    context_tokens === undefined ? '' : formatCount(context_tokens),
    max_output_tokens === undefined ? '' : formatCount(max_output_tokens),
    price,
    headrace.simulated ? 'simulated' : '',
  ];
}
