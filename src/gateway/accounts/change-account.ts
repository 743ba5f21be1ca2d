import { z } from 'zod';
import { accountChanges } from '../../platform/config/read-account-changes.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { accountSchema, writeAccount } from './account-schema.ts';

const changedSchema = accountSchema.extend({
  warnings: z.array(z.object({ where: z.string(), message: z.string() })),
});

export const changeAccount: Route = (app, { accounts }) => {
  app.route({
    method: 'PATCH',
    url: '/api/v1/accounts/:id',
    config: { access: 'admin' },
    // As where one is added: the registry finds the same faults and more, and says how to mend each.
    attachValidation: true,
    schema: {
      operationId: 'changeAccount',
      tags: ['accounts'],
      summary: 'Change an account: limits, models, weight, price, owner or entitlement',
      description:
        'What is left out stays, null is as where it was never said, and a list replaces the whole list. What counts against the limits stays. Its provider, address and keys are not changed here.',
      params: idParams,
      body: accountChanges,
      response: { 200: changedSchema, ...problems },
    },
    async handler(request) {
      const { id } = request.params;
      const written: unknown = request.body;
      const { account, warnings } = await accounts.change(id, written);
      return { ...writeAccount(account, accounts.gauges(id)), warnings };
    },
  });
};
