import type { Dispatch, ModelInfo } from '../../dispatch/index.ts';
import type { RunSettings } from '../documents.ts';

/** The models that a run may use: those that its project names, else all. */
export function modelsOfRun(
  dispatch: Pick<Dispatch, 'models'>,
  settings: Pick<RunSettings, 'models'>,
): ModelInfo[] {
  const { models } = settings;
  return dispatch.models().filter((model) => models.length === 0 || models.includes(model.id));
}
