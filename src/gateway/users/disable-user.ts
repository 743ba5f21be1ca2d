import { z } from 'zod';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';

export const disableUser: Route = (app, { auth }) => {
  app.route({
    method: 'DELETE',
    url: '/api/v1/users/:id',
    config: { access: 'admin' },
    schema: {
      operationId: 'disableUser',
      tags: ['administration'],
      summary: 'Disable a user; what the user made stays',
      params: idParams,
      response: { 204: z.undefined(), ...problems },
    },
    async handler(request, reply) {
      await auth.disableUser(callerOf(request).principal, request.params.id);
      return reply.code(204).send();
    },
  });
};
