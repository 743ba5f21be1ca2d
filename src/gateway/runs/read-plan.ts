import { z } from 'zod';
import { type RunDocument, runStatuses } from '../../orchestration/index.ts';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { plannedTaskSchema } from './run-schemas.ts';

/** The orchestrator's own tasks are how a plan is made and judged, not what it plans. */
const notPlanned: readonly string[] = ['clarify', 'plan', 'panel', 'merge', 'judge'];

const planSchema = z.object({
  run_id: z.string(),
  status: z.enum(runStatuses),
  tasks: z.array(plannedTaskSchema),
});

export const readPlan: Route = (app, { orchestration }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/plan',
    schema: {
      operationId: 'readPlan',
      tags: ['runs'],
      summary: "Read a run's plan as far as it has been accepted",
      params: idParams,
      response: { 200: planSchema, ...problems },
    },
    async handler(request) {
      return writePlan(await orchestration.readRun(callerOf(request).principal, request.params.id));
    },
  });
};

function writePlan(run: RunDocument): z.infer<typeof planSchema> {
  const planned = run.tasks.filter((task) => !notPlanned.includes(task.kind));
  return {
    run_id: run.id,
    status: run.status,
    tasks: planned.map(({ id, title, kind, depends_on, lane, status }) => ({
      id,
      title,
      kind,
      depends_on,
      lane,
      status,
    })),
  };
}
