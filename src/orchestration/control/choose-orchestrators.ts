import type { Dispatch, ModelInfo } from '../../dispatch/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { RunSettings } from '../documents.ts';

/** So many models are tried in turn where nobody named one. */
const fallbacks = 3;

/**
 * The models that clarify, plan, merge and judge, best first: the one a person named, and no other;
 * else the best of DeepSeek (thinking where there is one), then the ablest of the rest. Throws
 * `model_unknown`, `no_accounts`.
 */
export function chooseOrchestrators(
  dispatch: Pick<Dispatch, 'models' | 'resolveModel'>,
  settings: Pick<RunSettings, 'orchestrator'>,
  configured: string | null,
): ModelInfo[] {
  const named = settings.orchestrator ?? configured;
  if (named !== null) return [dispatch.resolveModel(named)];
  const models = dispatch
    .models()
    .toSorted(
      (one, other) => suitability(other) - suitability(one) || one.id.localeCompare(other.id),
    );
  if (models.length === 0) throw new HeadraceError('no_accounts');
  return models.slice(0, fallbacks);
}

/**
 * One of each provider that these leave out, the ablest: a run must not fail for want of two vendors
 * while a third answers. None where a person named the orchestrator, and none that a project left out.
 */
export function chooseStandIns(
  dispatch: Pick<Dispatch, 'models'>,
  settings: Pick<RunSettings, 'orchestrator' | 'models'>,
  given: { configured: string | null; first: readonly ModelInfo[] },
): ModelInfo[] {
  if ((settings.orchestrator ?? given.configured) !== null) return [];
  const taken = new Set(given.first.map((model) => model.provider));
  return dispatch
    .models()
    .filter(({ id }) => settings.models.length === 0 || settings.models.includes(id))
    .toSorted((one, other) => other.tier - one.tier || one.id.localeCompare(other.id))
    .filter(({ provider }) => !taken.has(provider) && taken.add(provider));
}

function suitability(model: ModelInfo): number {
  const reasoner = model.family === 'deepseek' || model.provider === 'deepseek';
  const thinking = /reason|think|(^|[^a-z])r1/i.test(model.model);
  return model.tier + (reasoner ? 10 : 0) + (reasoner && thinking ? 5 : 0);
}
