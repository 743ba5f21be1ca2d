import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { RunSettings } from '../documents.ts';
import type { ShapeRules } from './shape-task.ts';

/** The most output tokens that a task may ask for. */
const mostTaskTokens = 8_000;

/** What a run allows the tasks of its plan; `tokensLeft` of its budget, `null` where it has none. */
export function planRules(
  deps: Pick<OrchestrationDeps, 'dispatch'>,
  settings: Pick<RunSettings, 'models'>,
  tokensLeft: number | null,
): ShapeRules {
  const usable = new Set(usableModels(deps, settings).map((model) => model.id));
  return {
    mostTokens: Math.min(mostTaskTokens, tokensLeft ?? mostTaskTokens),
    resolveModel(name) {
      const id = resolve(deps, name);
      return id !== null && usable.has(id) ? id : null;
    },
  };
}

/** Models that tasks of the run may use. */
export function usableModels(
  deps: Pick<OrchestrationDeps, 'dispatch'>,
  { models }: Pick<RunSettings, 'models'>,
) {
  return deps.dispatch.models().filter((model) => models.length === 0 || models.includes(model.id));
}

function resolve(deps: Pick<OrchestrationDeps, 'dispatch'>, name: string): string | null {
  try {
    return deps.dispatch.resolveModel(name).id;
  } catch (error) {
    if (isHeadraceError(error)) return null;
    throw error;
  }
}
