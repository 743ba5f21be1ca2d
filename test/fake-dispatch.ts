import type { CallOrder, CallOutcome, Dispatch, ModelInfo } from '../src/dispatch/index.ts';
import { HeadraceError } from '../src/platform/errors/headrace-error.ts';

export interface FakeDispatch extends Dispatch {
  /** The orders so far, oldest first. */
  readonly orders: CallOrder[];
}

/** A dispatch whose calls are answered by `answer`: with a text, with a whole outcome, or by throwing. */
export function fakeDispatch(
  answer: (order: CallOrder) => Promise<string | CallOutcome> | string,
  models: readonly ModelInfo[] = [modelInfo('openai/large')],
): FakeDispatch {
  const orders: CallOrder[] = [];
  return {
    orders,
    async call(order) {
      orders.push(order);
      const answered = await answer(order);
      return typeof answered === 'string' ? outcomeOf(order, answered) : answered;
    },
    models: () => [...models],
    resolveModel(name) {
      const found = models.find((model) => model.id === name || model.model === name);
      if (!found) throw new HeadraceError('model_unknown', { where: name });
      return found;
    },
    headroom: (ids) =>
      models
        .filter((model) => ids.length === 0 || ids.includes(model.id))
        .map(({ id, provider }) => ({
          provider,
          model: id,
          headroom: 1,
          callsNow: 100,
          waitMs: 0,
        })),
    simulated: () => models.every((model) => model.simulated),
  };
}

/** A simulated model by its id (`provider/model`). */
export function modelInfo(id: string, given: Partial<ModelInfo> = {}): ModelInfo {
  const [provider = '', model = ''] = id.split('/');
  return {
    id,
    provider,
    model,
    family: provider,
    contextTokens: 128_000,
    maxOutputTokens: 16_000,
    inputUsdPerMillion: 1,
    outputUsdPerMillion: 4,
    dearestUsdPerMillion: { input: 1.25, output: 4 },
    simulated: true,
    tier: 2,
    ...given,
  };
}

/** A plain answer of the first model of the order. */
export function outcomeOf(order: CallOrder, text: string): CallOutcome {
  const id = order.models[0] ?? 'none/none';
  const [provider = '', model = ''] = id.split('/');
  const usage = { input: 10, output: 5, cachedInput: 0, cacheWriteInput: 0, reasoning: 0 };
  return {
    answer: { id: null, model, text, reasoning: '', finishReason: 'stop', usage },
    provider,
    model: id,
    accountId: 'acc',
    attemptId: 'att_1',
    attempts: 1,
    simulated: true,
    costNanoUsd: 0,
  };
}
