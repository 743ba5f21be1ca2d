import { z } from 'zod';
import { createOnce } from '../server/create-once.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { type AccountDocument, accountSchema, writeAccount } from './account-schema.ts';
import { credentialInput, credentialParams } from './credential-schemas.ts';

const monthSeconds = 30 * 86_400;

const rotation = credentialInput.omit({ kind: true, project: true }).extend({
  overlap_seconds: z
    .int()
    .min(0)
    .max(monthSeconds)
    .default(86_400)
    .describe('The old key stays as the way back for so long, and is then revoked; 0: at once.'),
});

export const rotateCredential: Route = (app, { accounts, store }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/accounts/:id/credentials/:credential/rotate',
    config: { access: 'admin', idempotent: true },
    schema: {
      operationId: 'rotateCredential',
      tags: ['accounts'],
      summary: 'Put a new key in the place of an old one',
      params: credentialParams,
      body: rotation,
      response: { 201: accountSchema, ...problems },
    },
    async handler(request, reply) {
      const { id, credential: old } = request.params;
      const { overlap_seconds, ...credential } = request.body;
      const asked = { old, credential, overlapMs: overlap_seconds * 1000 };
      return createOnce<AccountDocument>(
        store,
        { request, reply },
        {
          status: 201,
          create: async () =>
            writeAccount(await accounts.rotateCredential(id, asked), accounts.gauges(id)),
        },
      );
    },
  });
};
