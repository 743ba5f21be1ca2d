import { z } from 'zod';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';

export const removeAccount: Route = (app, { accounts }) => {
  app.route({
    method: 'DELETE',
    url: '/api/v1/accounts/:id',
    config: { access: 'admin' },
    schema: {
      operationId: 'removeAccount',
      tags: ['accounts'],
      summary: 'Forget an account and its keys; its calls stay on the ledger',
      params: idParams,
      response: { 204: z.undefined(), ...problems },
    },
    async handler(request, reply) {
      await accounts.remove(request.params.id);
      return reply.code(204).send();
    },
  });
};
