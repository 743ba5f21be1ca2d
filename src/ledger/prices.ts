import { z } from 'zod';
import type { ModelPrice } from '../platform/config/config.ts';
import catalogueDocument from './price-catalogue.json' with { type: 'json' };

/** USD per million tokens. Unset cached rates are those of fresh input. */
const rates = z.object({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cached_input: z.number().nonnegative().optional(),
  cache_write: z.number().nonnegative().optional(),
});
export type Rates = z.infer<typeof rates>;

const row = rates.extend({
  /** The whole call costs this where its input is longer. */
  above: rates.extend({ tokens: z.int().positive() }).optional(),
  /** From this day on (UTC). */
  from: z.iso.date().optional(),
  /** Between these times of the day (UTC). */
  hours: z.tuple([z.string(), z.string()]).optional(),
});
export type PriceRow = z.infer<typeof row>;

const catalogue = z
  .object({ as_of: z.iso.date(), models: z.record(z.string(), z.array(row).min(1)) })
  .parse(catalogueDocument);

export interface Prices {
  /** The day on which the catalogue was last compared with what the vendors publish. */
  readonly asOf: string;
  /** What a call that begins at `at` is charged by; `null` for a model whose price nobody knows. */
  find(model: string, at: number): PriceRow | null;
  /** Every row that may hold at `at` or soon after; for upper bounds. */
  findAll(model: string, at: number): PriceRow[];
}

/** The dated catalogue with the operator's overrides; keys are `provider/model`. */
export function createPrices(overrides: Readonly<Record<string, ModelPrice>> = {}): Prices {
  const rowsOf = (model: string): PriceRow[] => {
    const override = Object.hasOwn(overrides, model) ? overrides[model] : undefined;
    if (override) return [ratesOf(override)];
    const listed = Object.hasOwn(catalogue.models, model) ? catalogue.models[model] : undefined;
    if (listed) return listed;
    const undated = withoutDate(model);
    return undated === model ? [] : rowsOf(undated);
  };
  const current = (model: string, at: number) => {
    const day = new Date(at).toISOString().slice(0, 10);
    return rowsOf(model).filter(({ from }) => from === undefined || from <= day);
  };
  return {
    asOf: catalogue.as_of,
    findAll: current,
    find(model, at) {
      const time = new Date(at).toISOString().slice(11, 16);
      // Later rows are exceptions to earlier ones.
      const holding = current(model, at).filter(({ hours }) => !hours || isWithin(time, hours));
      return holding.at(-1) ?? null;
    },
  };
}

/** `claude-haiku-4-5-20251001` and `gpt-4o-2024-08-06` are snapshots of the models without the date. */
function withoutDate(model: string): string {
  return model.replace(/-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, '');
}

function isWithin(time: string, [from, to]: readonly [string, string]): boolean {
  return time >= from && time < to;
}

function ratesOf(price: ModelPrice): PriceRow {
  const { input, output, cachedInput } = price;
  return cachedInput === null ? { input, output } : { input, output, cached_input: cachedInput };
}
