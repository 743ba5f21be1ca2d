import type { ModelInfo, PoolHeadroom } from '../../dispatch/index.ts';

/** What a call is likely to reserve. */
interface CallSize {
  /** Bytes of its prompt: a budget takes each for a token. */
  inputBytes: number;
  outputTokens: number;
}

/**
 * The pools whose call a run's budget can still reserve; all of them where none can, for what a call costs
 * is known for certain only when it is made, and dispatch then says what is missing.
 */
export function keepAffordable(
  pools: readonly PoolHeadroom[],
  call: { size: CallSize; payableNanoUsd: number | null },
  models: ReadonlyMap<string, ModelInfo>,
): readonly PoolHeadroom[] {
  const { payableNanoUsd, size } = call;
  if (payableNanoUsd === null) return pools;
  const affordable = pools.filter(
    ({ model }) => reserveOf(models.get(model), size) <= payableNanoUsd,
  );
  return affordable.length > 0 ? affordable : pools;
}

/** Nano-USD that a budget reserves for a call of this size; a model without a price is never payable. */
export function reserveOf(model: ModelInfo | undefined, { inputBytes, outputTokens }: CallSize) {
  const price = model?.dearestUsdPerMillion;
  if (!price) return Number.POSITIVE_INFINITY;
  return (inputBytes * price.input + outputTokens * price.output) * 1_000;
}
