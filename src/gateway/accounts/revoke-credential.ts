import { z } from 'zod';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { credentialParams } from './credential-schemas.ts';

export const revokeCredential: Route = (app, { accounts }) => {
  app.route({
    method: 'DELETE',
    url: '/api/v1/accounts/:id/credentials/:credential',
    config: { access: 'admin' },
    schema: {
      operationId: 'revokeCredential',
      tags: ['accounts'],
      summary: 'Revoke a key at once and forget its secret',
      params: credentialParams,
      response: { 204: z.undefined(), ...problems },
    },
    async handler(request, reply) {
      const { id, credential } = request.params;
      await accounts.revokeCredential(id, credential);
      return reply.code(204).send();
    },
  });
};
