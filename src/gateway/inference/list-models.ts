import { z } from 'zod';
import { openaiErrors } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { modelSchema } from './chat-schemas.ts';
import { describeModel } from './describe-model.ts';

export const listModels: Route = (app, { dispatch }) => {
  app.route({
    method: 'GET',
    url: '/v1/models',
    schema: {
      operationId: 'listModels',
      tags: ['inference'],
      summary: 'List the models that an enabled account serves',
      response: {
        200: z.object({ object: z.literal('list'), data: z.array(modelSchema) }),
        ...openaiErrors,
      },
    },
    async handler() {
      const models = dispatch.models().toSorted((one, other) => (one.id < other.id ? -1 : 1));
      return {
        object: 'list' as const,
        data: models.map(describeModel),
      };
    },
  });
};
