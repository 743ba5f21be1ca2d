import { z } from 'zod';
import type { LabelDocument } from '../../orchestration/index.ts';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';

const labelParams = z.strictObject({
  id: z.string().min(1).max(128),
  task: z.string().min(1).max(128).describe('Id of a task, or its key in the plan.'),
});

const labelSchema = z.object({
  run_id: z.string(),
  task_id: z.string(),
  passed: z.boolean(),
  source: z.literal('person'),
}) satisfies z.ZodType<LabelDocument>;

export const labelAnswer: Route = (app, { orchestration }) => {
  app.route({
    method: 'PUT',
    url: '/api/v1/runs/:id/tasks/:task/label',
    schema: {
      operationId: 'labelAnswer',
      tags: ['runs'],
      summary:
        "Call a task's answer right or wrong; from 300 such labels on, confidence is calibrated",
      params: labelParams,
      body: z.strictObject({ passed: z.boolean() }),
      response: { 200: labelSchema, ...problems },
    },
    async handler(request) {
      const { id, task } = request.params;
      const label = { runId: id, task, passed: request.body.passed };
      return orchestration.labelAnswer(callerOf(request).principal, label);
    },
  });
};
