import type { Route } from '../server/gateway-app.ts';

export const readOpenapi: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/openapi.json',
    config: { access: 'public' },
    schema: { hide: true },
    handler: async () => app.swagger(),
  });
};
