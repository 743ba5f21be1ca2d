import { z } from 'zod';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { noBody } from '../server/no-body.ts';

const probeSchema = z.object({
  credential: z.string(),
  outcome: z
    .enum(['accepted', 'refused', 'unclear'])
    .describe('unclear: the vendor said nothing about the key (trouble, no list of models).'),
  code: z.string().nullable(),
  message: z.string().nullable(),
  ms: z.int(),
});

export const testAccount: Route = (app, { accounts }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/accounts/:id/test',
    config: { access: 'admin' },
    schema: {
      operationId: 'testAccount',
      tags: ['accounts'],
      summary: 'Ask the vendor for its models with each key (free), and act on its word',
      params: idParams,
      body: noBody,
      response: { 200: z.object({ data: z.array(probeSchema) }), ...problems },
    },
    async handler(request) {
      const results = await accounts.test(request.params.id);
      return { data: results.map((result) => ({ ...result, ms: Math.round(result.ms) })) };
    },
  });
};
