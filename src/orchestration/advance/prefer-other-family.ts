import type { ModelInfo } from '../../dispatch/index.ts';
import type { Task } from '../../queue/index.ts';
import { modelId } from '../model-id.ts';

/**
 * The models for a task that does again what a judge sent back, best first: those of another family
 * than the one that erred, which would be likely to err again, then its own. Where the task names its
 * models only their order changes; else nobody below the first one's rank is asked, cheapest first.
 * Empty: any, because no other family can serve it.
 */
export function preferOtherFamily(
  task: Pick<Task, 'models' | 'outputMeta' | 'kind'>,
  models: readonly ModelInfo[],
): string[] {
  const named = task.kind === 'panel' ? [] : task.models;
  const erred = models.find(
    (model) => task.outputMeta !== null && model.id === modelId(task.outputMeta),
  );
  if (!erred) return named;
  const isOther = (model: ModelInfo) => model.family !== erred.family;
  if (named.length > 0) {
    const others = new Set(models.filter(isOther).map((model) => model.id));
    return [...named.filter((id) => others.has(id)), ...named.filter((id) => !others.has(id))];
  }
  const able = models
    .filter((model) => model.tier >= erred.tier)
    .toSorted((one, other) => one.tier - other.tier || priceOf(one) - priceOf(other));
  const others = able.filter(isOther);
  if (others.length === 0) return [];
  return [...others, ...able.filter((model) => !isOther(model))].map((model) => model.id);
}

/** A model without a price comes last: a run with a money budget could not call it. */
function priceOf({ inputUsdPerMillion: input, outputUsdPerMillion: output }: ModelInfo): number {
  return input === null || output === null ? Number.MAX_VALUE : input + output;
}
