import type { Command } from 'commander';
import { z } from 'zod';
import { withClient } from './administer.ts';
import type { CliDeps } from './cli-deps.ts';
import { type Wrap, withCommon } from './common-options.ts';
import { drawTable } from './draw-table.ts';
import { exitCodes } from './exit-codes.ts';
import type { GlobalOptions } from './options.ts';
import { createScreen } from './screen.ts';

const providerList = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      gates: z.array(
        z.looseObject({
          model: z.string(),
          breaker: z.string(),
          opens_in_ms: z.number(),
          drained: z.boolean(),
          in_flight: z.number(),
          concurrency: z.number().nullable(),
        }),
      ),
    }),
  ),
});

/** `headrace providers …` */
export function addProviderCommands(program: Command, deps: CliDeps, act: Wrap): void {
  const providers = program
    .command('providers')
    .description('the providers: their breakers, and taking one out by hand');
  withCommon(providers.command('list'))
    .description('every model that can be called, and what keeps calls from it')
    .action(act((options: GlobalOptions) => listProviders(deps, options)));
  const verbs = [
    ['drain', 'let the calls under way end, and begin none'],
    ['resume', 'take it back'],
  ] as const;
  for (const [verb, what] of verbs) {
    withCommon(providers.command(`${verb} <id>`))
      .description(what)
      .option('--model <model>', 'only this model of the provider')
      .action(
        act((id: string, options: GlobalOptions & { model?: string }) =>
          commandProvider(deps, { id, verb }, options),
        ),
      );
  }
}

function listProviders(deps: CliDeps, options: GlobalOptions): Promise<number> {
  return withClient(deps, options, async (client) => {
    const screen = createScreen(deps, { json: options.json === true });
    const path = '/api/v1/providers';
    const { data } = await client.request({ method: 'GET', path, schema: providerList });
    const rows = data
      .flatMap(({ gates }) => gates)
      .map((gate) => [
        gate.model,
        describeState(gate),
        String(gate.in_flight),
        gate.concurrency === null ? '' : `at most ${gate.concurrency}`,
      ]);
    screen.print(
      options.json
        ? JSON.stringify(data, null, 2)
        : drawTable(['MODEL', 'STATE', 'CALLS', 'BOUND'], rows),
    );
    return exitCodes.passed;
  });
}

type Gate = z.infer<typeof providerList>['data'][number]['gates'][number];

function describeState({ drained, breaker, opens_in_ms }: Gate): string {
  if (drained) return 'drained';
  if (breaker === 'open') return `failing, tried again in ${Math.ceil(opens_in_ms / 1000)}s`;
  return breaker === 'half_open' ? 'failing, being tried' : 'open for calls';
}

/** `--model openai/gpt-…` is understood as well as the bare name. */
function commandProvider(
  deps: CliDeps,
  { id, verb }: { id: string; verb: 'drain' | 'resume' },
  options: GlobalOptions & { model?: string },
): Promise<number> {
  return withClient(deps, options, async (client) => {
    const model = options.model?.replace(`${id}/`, '');
    await client.request({
      method: 'POST',
      path: `/api/v1/providers/${encodeURIComponent(id)}/${verb}`,
      body: model === undefined ? {} : { model },
      schema: z.unknown(),
    });
    const what = model === undefined ? id : `${id}/${model}`;
    createScreen(deps, { json: options.json === true }).note(
      verb === 'drain' ? `${what} is drained` : `${what} is back`,
    );
    return exitCodes.passed;
  });
}
