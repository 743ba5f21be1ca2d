import type { Route } from '../server/gateway-app.ts';
import { docsPolicy, renderDocs } from './render-docs.ts';

export const readDocs: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/docs',
    config: { access: 'public' },
    schema: { hide: true },
    async handler(_request, reply) {
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', docsPolicy)
        .send(renderDocs(app.swagger()));
    },
  });
};
