import { CliError } from './cli-error.ts';
import type { HttpClient, Route } from './http-client.ts';
import { type PlanDocument, planDocument } from './plan-document.ts';
import { type PlannedOperation, planOperations } from './plan-operations.ts';
import type { PlanProblem, ReadPlan } from './read-plan-file.ts';

/** Where a refusal points, in the words of the written plan. */
type Place = (field: string) => string;

/**
 * Puts what a person wrote into the place of `plan`: whole while it waits for approval, and as changes of
 * what nobody has begun once it runs. What the gateway refuses of it is a problem of the text; anything
 * else is thrown.
 */
export async function sendPlan(
  client: HttpClient,
  plan: PlanDocument,
  written: ReadPlan,
): Promise<PlanDocument | PlanProblem[]> {
  const version = written.version ?? plan.version;
  const path = `/api/v1/runs/${plan.run_id}/plan`;
  const place: Place = (field) => field.replace(/^body\./, '');
  if (plan.status === 'awaiting_approval') {
    const body = { version, tasks: written.tasks };
    return attempt(client, { method: 'PUT', path, body, schema: planDocument }, { written, place });
  }
  const planned = planOperations(plan, written.tasks);
  if (planned.length === 0) return plan;
  const body = { version, operations: planned.map(({ operation }) => operation) };
  return attempt(
    client,
    { method: 'PATCH', path, body, schema: planDocument },
    { written, place: (field) => placeOf(planned, place(field)) },
  );
}

async function attempt(
  client: HttpClient,
  route: Route<PlanDocument>,
  { written, place }: { written: ReadPlan; place: Place },
): Promise<PlanDocument | PlanProblem[]> {
  try {
    return await client.request(route);
  } catch (error) {
    if (!(error instanceof CliError) || !blamesText(error)) throw error;
    const field = place(error.where ?? '');
    return [{ line: written.lineOf(field), field, message: error.message }];
  }
}

/** A task that was begun meanwhile is a conflict of its line; another version is one of the whole. */
function blamesText({ code, where = '' }: CliError): boolean {
  return code === 'request_invalid' || where.startsWith('operations[');
}

/** `operations[1].set.deps[0].id` → `tasks[4].deps[0].id`. */
function placeOf(planned: readonly PlannedOperation[], field: string): string {
  const [, index = '', rest = ''] =
    /^operations[[.](\d+)\]?(?:\.(?:set|task))?(.*)$/.exec(field) ?? [];
  const place = planned[Number(index)]?.place ?? '';
  return index === '' || place === '' ? '' : `${place}${rest}`;
}
