import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { pageOf, pageQuery, writePage } from '../server/page.ts';
import { keySchema, writeKey } from './key-schema.ts';

export const listKeys: Route = (app, { auth }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/keys',
    config: { access: 'admin' },
    schema: {
      operationId: 'listKeys',
      tags: ['administration'],
      summary: 'List keys by their prefix, never the keys themselves',
      querystring: pageQuery,
      response: { 200: pageOf(keySchema), ...problems },
    },
    async handler(request) {
      const page = await auth.listKeys(callerOf(request).principal, request.query);
      return writePage({ ...page, items: page.items.map(writeKey) });
    },
  });
};
