import { z } from 'zod';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { fanoutSchema } from './fanout-schemas.ts';

export const readTask: Route = (app, { orchestration }) => {
  app.route({
    method: 'GET',
    url: '/tasks/:task_id',
    schema: {
      operationId: 'readTask',
      tags: ['fan-out'],
      summary: 'Read the answers as far as they have come, and their summary',
      params: z.strictObject({ task_id: z.string().min(1).max(128) }),
      response: { 200: fanoutSchema, ...problems },
    },
    async handler(request) {
      return orchestration.readFanout(callerOf(request).principal, request.params.task_id);
    },
  });
};
