import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { pageOf, pageQuery, writePage } from '../server/page.ts';
import { userSchema, writeUser } from './user-schema.ts';

export const listUsers: Route = (app, { auth }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/users',
    config: { access: 'admin' },
    schema: {
      operationId: 'listUsers',
      tags: ['administration'],
      summary: 'List the users that can get a token',
      querystring: pageQuery,
      response: { 200: pageOf(userSchema), ...problems },
    },
    async handler(request) {
      const page = await auth.listUsers(callerOf(request).principal, request.query);
      return writePage({ ...page, items: page.items.map(writeUser) });
    },
  });
};
