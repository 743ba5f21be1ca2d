import { z } from 'zod';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { runSummarySchema } from './run-schemas.ts';

const answersInput = z.strictObject({
  answers: z
    .array(
      z.strictObject({
        index: z.int().min(0).max(63).describe("Position in the run's clarifications, from 0."),
        answer: z.string().min(1).max(65_536),
      }),
    )
    .max(64)
    .describe('Questions left out keep their defaults.'),
});

export const answerQuestions: Route = (app, { orchestration }) => {
  app.route({
    method: 'POST',
    url: '/api/v1/runs/:id/answers',
    schema: {
      operationId: 'answerQuestions',
      tags: ['runs'],
      summary: 'Answer what the run asked before it plans',
      params: idParams,
      body: answersInput,
      response: { 200: runSummarySchema, ...problems },
    },
    async handler(request) {
      return orchestration.answerQuestions(callerOf(request).principal, {
        runId: request.params.id,
        answers: request.body.answers,
      });
    },
  });
};
