import { z } from 'zod';
import { accountSchema as accountInput } from '../../platform/config/config-schema.ts';
import { createOnce } from '../server/create-once.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { accountSchema, writeAccount } from './account-schema.ts';

const added = accountSchema.extend({
  warnings: z.array(z.object({ where: z.string(), message: z.string() })),
});

export const addAccount: Route = (app, { accounts, store }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/accounts',
    config: { access: 'admin', idempotent: true },
    schema: {
      operationId: 'addAccount',
      tags: ['accounts'],
      summary: 'Add an account, in use at once; its secrets are never shown again',
      body: accountInput,
      response: { 201: added, ...problems },
    },
    async handler(request, reply) {
      return createOnce<z.infer<typeof added>>(
        store,
        { request, reply },
        {
          status: 201,
          async create() {
            const { warnings } = await accounts.add([request.body], { dryRun: false });
            const { id } = request.body;
            return { ...writeAccount(await accounts.read(id), accounts.gauges(id)), warnings };
          },
        },
      );
    },
  });
};
