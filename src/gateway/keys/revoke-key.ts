import { z } from 'zod';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';

export const revokeKey: Route = (app, { auth }) => {
  app.route({
    method: 'DELETE',
    url: '/api/v1/keys/:id',
    config: { access: 'admin' },
    schema: {
      operationId: 'revokeKey',
      tags: ['administration'],
      summary: 'Revoke a key at once',
      params: idParams,
      response: { 204: z.undefined(), ...problems },
    },
    async handler(request, reply) {
      await auth.revokeKey(callerOf(request).principal, request.params.id);
      return reply.code(204).send();
    },
  });
};
