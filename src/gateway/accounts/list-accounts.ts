import { z } from 'zod';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { accountSchema, writeAccount, writeBuckets } from './account-schema.ts';

const listQuery = z.strictObject({
  include: z
    .literal('buckets')
    .optional()
    .describe('Adds every limit with what counts against it.'),
});

export const listAccounts: Route = (app, { accounts }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/accounts',
    config: { access: 'admin' },
    schema: {
      operationId: 'listAccounts',
      tags: ['accounts'],
      summary: 'List the provider accounts and their state, without their credentials',
      querystring: listQuery,
      response: {
        200: z.object({ data: z.array(accountSchema), next_cursor: z.null() }),
        ...problems,
      },
    },
    async handler(request) {
      const gauges = Map.groupBy(accounts.gauges(), ({ accountId }) => accountId);
      const data = (await accounts.list()).map((account) => {
        const own = gauges.get(account.id) ?? [];
        const buckets = request.query.include ? { buckets: writeBuckets(own) } : {};
        return { ...writeAccount(account, own), ...buckets };
      });
      return { data, next_cursor: null };
    },
  });
};
