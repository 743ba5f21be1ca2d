import { z } from 'zod';
import type { ModelInfo } from '../../dispatch/index.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';

const providerSchema = z.object({
  id: z.string(),
  models: z.array(z.string()).describe('provider/model.'),
  simulated: z.boolean(),
});

export const listProviders: Route = (app, { dispatch }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/providers',
    schema: {
      operationId: 'listProviders',
      tags: ['models'],
      summary: 'List the providers that an enabled account serves, with their models',
      response: {
        200: z.object({ data: z.array(providerSchema), next_cursor: z.null() }),
        ...problems,
      },
    },
    async handler() {
      return { data: groupByProvider(dispatch.models()), next_cursor: null };
    },
  });
};

function groupByProvider(models: readonly ModelInfo[]): z.infer<typeof providerSchema>[] {
  const providers = [...new Set(models.map(({ provider }) => provider))].sort();
  return providers.map((id) => {
    const own = models.filter(({ provider }) => provider === id);
    return {
      id,
      models: own.map((model) => model.id).sort(),
      simulated: own.every(({ simulated }) => simulated),
    };
  });
}
