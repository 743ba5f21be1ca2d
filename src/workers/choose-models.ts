import type { Dispatch, ModelInfo } from '../dispatch/index.ts';
import type { Task } from '../queue/index.ts';

/** So many models are tried for a task that allows any, or one of each provider where there are more. */
const freeChoice = 4;

/**
 * The models to call for a task, best first: the one assigned, then the others that it or else its run
 * names. Where neither names any, it gets those of the same rank or above, cheapest first, so that
 * falling back neither weakens the answer nor jumps to the dearest; one of each other provider before a
 * second of any, since what one of its models suffers from the others often do.
 */
export function chooseModels(
  dispatch: Pick<Dispatch, 'models'>,
  task: Pick<Task, 'assignedModel' | 'models'>,
  ofRun: readonly string[],
): ModelInfo[] {
  const known = dispatch.models();
  const byId = new Map(known.map((model) => [model.id, model]));
  const assigned = byId.get(task.assignedModel ?? '');
  const named = task.models.length > 0 ? task.models : ofRun;
  const allowed =
    named.length > 0 ? named.flatMap((id) => byId.get(id) ?? []) : alternatives(known, assigned);
  const others = allowed.filter((model) => model.id !== assigned?.id);
  return assigned ? [assigned, ...others] : others;
}

function alternatives(known: readonly ModelInfo[], assigned: ModelInfo | undefined): ModelInfo[] {
  const able = known
    .filter((model) => model.tier >= (assigned?.tier ?? 1) && model.id !== assigned?.id)
    .sort((left, right) => left.tier - right.tier || priceOf(left) - priceOf(right));
  const seen = new Set([assigned?.provider]);
  const firsts = able.filter(({ provider }) => !seen.has(provider) && seen.add(provider));
  const seconds = able.filter((model) => !firsts.includes(model));
  return [...firsts, ...seconds].slice(0, Math.max(firsts.length, freeChoice - 1));
}

// An unpriced model comes last: under a money budget it would be refused.
const priceOf = (model: ModelInfo) =>
  (model.inputUsdPerMillion ?? Number.MAX_VALUE / 4) +
  (model.outputUsdPerMillion ?? Number.MAX_VALUE / 4);
