import { z } from 'zod';
import { accountSchema as accountInput } from '../../platform/config/config-schema.ts';
import { createOnce } from '../server/create-once.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { accountSchema, writeAccount } from './account-schema.ts';

const addedSchema = accountSchema.extend({
  warnings: z.array(z.object({ where: z.string(), message: z.string() })),
});

export const addAccount: Route = (app, { accounts, store }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/accounts',
    config: { access: 'admin', idempotent: true },
    // The registry finds the same faults and more, and says of each what is wrong and how to mend it.
    attachValidation: true,
    schema: {
      operationId: 'addAccount',
      tags: ['accounts'],
      summary: 'Add an account, in use at once; its secrets are never shown again',
      body: accountInput,
      response: { 201: addedSchema, ...problems },
    },
    async handler(request, reply) {
      return createOnce<z.infer<typeof addedSchema>>(
        store,
        { request, reply },
        {
          status: 201,
          async create() {
            const written: unknown = request.body;
            const added = await accounts.add([written], { dryRun: false, alone: true });
            const { warnings } = added;
            const id = added.accounts[0]?.id ?? '';
            return { ...writeAccount(await accounts.read(id), accounts.gauges(id)), warnings };
          },
        },
      );
    },
  });
};
