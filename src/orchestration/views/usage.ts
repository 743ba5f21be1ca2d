import type { UsageDocument } from '../documents.ts';

/** Columns of a run's attempts, summed up; the cost is unknown where one that used tokens has no price. */
export const usageColumns = `coalesce(sum(a.input_tokens), 0)::float8 AS input_tokens,
  coalesce(sum(a.output_tokens), 0)::float8 AS output_tokens,
  sum(a.cost_nano_usd)::float8 AS cost_nano_usd,
  count(*) FILTER (WHERE a.cost_nano_usd IS NULL
    AND coalesce(a.input_tokens, 0) + coalesce(a.output_tokens, 0) > 0)::int AS unpriced`;

export interface UsageRow {
  input_tokens: number;
  output_tokens: number;
  cost_nano_usd: number | null;
  unpriced: number;
}

export function usageOfRow(row: UsageRow): UsageDocument {
  return {
    input_tokens: row.input_tokens,
    output_tokens: row.output_tokens,
    cost_usd: row.unpriced > 0 ? null : toUsd(row.cost_nano_usd ?? 0),
  };
}

export function toUsd(nanoUsd: number): number {
  return Math.round(nanoUsd) / 1e9;
}
