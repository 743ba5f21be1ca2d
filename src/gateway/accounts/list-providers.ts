import { z } from 'zod';
import type { ModelInfo, ProviderDesk } from '../../dispatch/index.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';

const gateSchema = z.object({
  model: z.string().describe('provider/model.'),
  breaker: z
    .enum(['closed', 'open', 'half_open'])
    .describe('open: it fails too often and is not asked; half_open: one call at a time tries it.'),
  opens_in_ms: z.number().describe('Until an open breaker tries again.'),
  drained: z.boolean().describe('Taken out by an operator.'),
  in_flight: z.int(),
  concurrency: z
    .int()
    .nullable()
    .describe("Found from time-outs; null: nothing bounds it but the accounts' limits."),
});

const providerSchema = z.object({
  id: z.string(),
  models: z.array(z.string()).describe('provider/model.'),
  simulated: z.boolean(),
  drained: z.boolean().describe('All of its models.'),
  gates: z.array(gateSchema).describe('As this process sees them.'),
});

export const listProviders: Route = (app, { dispatch, providers }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/providers',
    schema: {
      operationId: 'listProviders',
      tags: ['models'],
      summary: 'List the providers that an enabled account serves, with their models and breakers',
      response: {
        200: z.object({ data: z.array(providerSchema), next_cursor: z.null() }),
        ...problems,
      },
    },
    async handler() {
      return { data: groupByProvider(dispatch.models(), providers.list()), next_cursor: null };
    },
  });
};

function groupByProvider(
  models: readonly ModelInfo[],
  views: ReturnType<ProviderDesk['list']>,
): z.infer<typeof providerSchema>[] {
  const byPool = new Map(views.map((view) => [view.pool, view]));
  const providers = [...new Set(models.map(({ provider }) => provider))].sort();
  return providers.map((id) => {
    const own = models.filter(({ provider }) => provider === id);
    const gates = own.flatMap((model) => {
      const view = byPool.get(model.id);
      return view ? [writeGate(view)] : [];
    });
    return {
      id,
      models: own.map((model) => model.id).sort(),
      simulated: own.every(({ simulated }) => simulated),
      drained: gates.length > 0 && gates.every(({ drained }) => drained),
      gates,
    };
  });
}

function writeGate(view: ReturnType<ProviderDesk['list']>[number]): z.infer<typeof gateSchema> {
  return {
    model: view.pool,
    breaker: view.breaker,
    opens_in_ms: Math.ceil(view.opensInMs),
    drained: view.drained,
    in_flight: view.inFlight,
    concurrency: view.concurrency,
  };
}
