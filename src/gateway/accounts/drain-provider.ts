import { z } from 'zod';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';

const drainInput = z
  .strictObject({
    model: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('One of its models, without the provider; all where omitted.'),
  })
  .optional();

const commands = [
  { verb: 'drain', summary: 'Take a provider or a model out: calls under way end, none begins' },
  { verb: 'resume', summary: 'Take a drained provider or model back' },
] as const;

/** An operator's word: it outlives restarts and holds in every process. */
export const drainProvider: Route = (app, { providers }) => {
  for (const { verb, summary } of commands) {
    app.route({
      method: 'POST',
      url: `/api/v1/providers/:id/${verb}`,
      config: { access: 'admin' },
      schema: {
        operationId: `${verb}Provider`,
        tags: ['accounts'],
        summary,
        params: idParams,
        body: drainInput,
        response: { 204: z.undefined(), ...problems },
      },
      async handler(request, reply) {
        const { id: provider } = request.params;
        await providers[verb]({ provider, model: request.body?.model ?? null });
        return reply.code(204).send();
      },
    });
  }
};
