import { z } from 'zod';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { accountSchema, isoTime, writeAccount, writeBuckets } from './account-schema.ts';

const accountDetail = accountSchema.extend({
  events: z
    .array(z.object({ type: z.string(), at: z.string(), data: z.record(z.string(), z.unknown()) }))
    .describe('What happened to it of late, newest first.'),
});

export const readAccount: Route = (app, { accounts }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/accounts/:id',
    config: { access: 'admin' },
    schema: {
      operationId: 'readAccount',
      tags: ['accounts'],
      summary: 'Read an account: its limits with what counts against them, pauses, keys, events',
      params: idParams,
      response: { 200: accountDetail, ...problems },
    },
    async handler(request) {
      const { id } = request.params;
      const account = await accounts.read(id);
      const gauges = accounts.gauges(id);
      const events = await accounts.events(id);
      return {
        ...writeAccount(account, gauges),
        buckets: writeBuckets(gauges),
        events: events.map(({ type, at, data }) => ({ type, at: isoTime(at), data })),
      };
    },
  });
};
