import { createOnce } from '../server/create-once.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { type AccountDocument, accountSchema, writeAccount } from './account-schema.ts';
import { credentialInput } from './credential-schemas.ts';

export const addCredential: Route = (app, { accounts, store }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/accounts/:id/credentials',
    config: { access: 'admin', idempotent: true },
    schema: {
      operationId: 'addCredential',
      tags: ['accounts'],
      summary:
        "Add a key to an account: one that shares its limits, or an administrator's that asks for them",
      params: idParams,
      body: credentialInput,
      response: { 201: accountSchema, ...problems },
    },
    async handler(request, reply) {
      const { id } = request.params;
      return createOnce<AccountDocument>(
        store,
        { request, reply },
        {
          status: 201,
          create: async () =>
            writeAccount(await accounts.addCredential(id, request.body), accounts.gauges(id)),
        },
      );
    },
  });
};
