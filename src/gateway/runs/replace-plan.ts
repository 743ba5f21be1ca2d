import { z } from 'zod';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { planLineInput, planSchema, planVersion, readLine } from './plan-schemas.ts';
import { readPlanVersion } from './read-plan-version.ts';

const planInput = z.strictObject({
  version: planVersion.describe('The version that was read; another one is refused.'),
  tasks: z
    .array(planLineInput)
    .min(1)
    .max(100)
    .describe('The whole plan; each task depends on earlier ones only.'),
  run_id: z.string().optional(),
  status: z.string().optional(),
});

export const replacePlan: Route = (app, { orchestration }) => {
  app.route({
    method: 'PUT',
    url: '/api/v1/runs/:id/plan',
    schema: {
      operationId: 'replacePlan',
      tags: ['runs'],
      summary: 'Replace the plan that the run waits with; the same plan again changes nothing',
      params: idParams,
      body: planInput,
      response: { 200: planSchema, ...problems },
    },
    async handler(request, reply) {
      const { tasks, version } = request.body;
      const plan = await orchestration.replacePlan(callerOf(request).principal, {
        runId: request.params.id,
        version: readPlanVersion(request.headers['if-match'], version),
        tasks: tasks.map(readLine),
      });
      reply.header('etag', `"${plan.version}"`);
      return plan;
    },
  });
};
