import { z } from 'zod';
import type { PlanOperation } from '../../orchestration/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import {
  planChangeInput,
  planLineInput,
  planSchema,
  planVersion,
  readFields,
  readLine,
} from './plan-schemas.ts';
import { readPlanVersion } from './read-plan-version.ts';

const id = z.string().min(1).max(128).describe('A task by its id or key.');
const operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('add'), task: planLineInput }),
  z.strictObject({ op: z.literal('change'), id, set: planChangeInput }),
  z.strictObject({ op: z.literal('cancel'), id }),
]);

const patchInput = z.strictObject({
  version: planVersion.describe('The version that was read, unless If-Match says it.'),
  operations: z.array(operation).min(1).max(100).describe('All of them are carried out, or none.'),
});

export const patchPlan: Route = (app, { orchestration }) => {
  app.route({
    method: 'PATCH',
    url: '/api/v1/runs/:id/plan',
    schema: {
      operationId: 'patchPlan',
      tags: ['runs'],
      summary: 'Add tasks to a running plan, and change or cancel those that nobody has begun',
      params: idParams,
      body: patchInput,
      response: { 200: planSchema, ...problems },
    },
    async handler(request, reply) {
      const version = readPlanVersion(request.headers['if-match'], request.body.version);
      if (version === undefined) {
        throw new HeadraceError('request_invalid', {
          message: 'It does not say which version of the plan it changes.',
          where: 'version',
          fix: 'Send version, or If-Match, as GET on this address told it.',
        });
      }
      const plan = await orchestration.patchPlan(callerOf(request).principal, {
        runId: request.params.id,
        version,
        operations: request.body.operations.map((each, index) => readOperation(each, index)),
      });
      reply.header('etag', `"${plan.version}"`);
      return plan;
    },
  });
};

function readOperation(each: z.infer<typeof operation>, index: number): PlanOperation {
  if (each.op === 'add') return { op: each.op, task: readLine(each.task, index) };
  if (each.op === 'change') return { op: each.op, id: each.id, set: readFields(each.set) };
  return each;
}
