import { z } from 'zod';
import { openaiErrors } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { modelSchema } from './chat-schemas.ts';
import { describeModel } from './describe-model.ts';

export const readModel: Route = (app, { dispatch }) => {
  app.route({
    method: 'GET',
    // A wildcard, because ids have a slash (openai/gpt-…) that clients do not escape.
    url: '/v1/models/*',
    schema: {
      operationId: 'readModel',
      tags: ['inference'],
      summary: 'Read one model by provider/model, bare name or alias',
      params: z.strictObject({ '*': z.string().min(1).max(256).describe("The model's name.") }),
      response: { 200: modelSchema, ...openaiErrors },
    },
    async handler(request) {
      return describeModel(dispatch.resolveModel(request.params['*']));
    },
  });
};
