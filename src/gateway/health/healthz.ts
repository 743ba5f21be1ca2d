import { z } from 'zod';
import type { Route } from '../server/gateway-app.ts';

/** Depends on nothing: whoever restarts processes must not restart this one because a database is away. */
export const healthz: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/healthz',
    config: { access: 'public' },
    schema: {
      operationId: 'healthz',
      tags: ['health'],
      summary: 'Whether this process answers',
      response: { 200: z.object({ status: z.literal('ok') }) },
    },
    handler: async () => ({ status: 'ok' as const }),
  });
};
