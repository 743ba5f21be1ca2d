import type { PriceRow, Prices, Rates } from './prices.ts';

/** Token counts of one call; `input` includes the cached ones, `output` the reasoning. */
export interface BilledUsage {
  input: number;
  output: number;
  cachedInput: number;
  cacheWriteInput: number;
}

/** 1 USD per million tokens is 1,000 nano-USD per token. */
const nanoPerToken = 1000;

/** What is paid for a model, and when. */
export interface Priced {
  model: string;
  /** Epoch ms. */
  at: number;
  /** What the account pays, as a part of the model's price; omitted is 1. */
  factor?: number;
}

/** What a call cost in whole nano-USD; `null`: the model has no price. */
export function priceCall(
  prices: Prices,
  { model, at, usage, factor = 1 }: Priced & { usage: BilledUsage },
): number | null {
  const row = prices.find(model, at);
  return row ? Math.round(costOf(ratesFor(row, usage.input), usage) * factor) : null;
}

/**
 * The most that a call can cost: every byte of its input a token (a byte-level tokenizer never makes
 * more), nothing cached, the whole output cap, at the dearest hour. `null`: the model has no price.
 */
export function worstCase(
  prices: Prices,
  call: Priced & { inputBytes: number; maxOutputTokens: number },
): number | null {
  const bounds = listRates(prices, call);
  if (bounds.length === 0) return null;
  return Math.ceil(Math.max(...bounds.map((rates) => dearest(rates, call))) * (call.factor ?? 1));
}

/**
 * What `worstCase` counts a byte of input and a token of output at the most, in USD per million: whoever
 * shapes a call to a budget stays within it by these. `null`: the model has no price.
 */
export function dearestRates(
  prices: Prices,
  call: { model: string; at: number },
): { input: number; output: number } | null {
  const bounds = listRates(prices, call);
  if (bounds.length === 0) return null;
  return {
    input: Math.max(...bounds.map(dearestInput)),
    output: Math.max(...bounds.map(({ output }) => output)),
  };
}

/** At every hour and size that may hold when it is called. */
function listRates(prices: Prices, { model, at }: { model: string; at: number }): Rates[] {
  return prices.findAll(model, at).flatMap((row) => (row.above ? [row, row.above] : [row]));
}

function dearest(rates: Rates, call: { inputBytes: number; maxOutputTokens: number }): number {
  const input = dearestInput(rates);
  return (call.inputBytes * input + call.maxOutputTokens * rates.output) * nanoPerToken;
}

function dearestInput(rates: Rates): number {
  return Math.max(rates.input, rates.cache_write ?? 0, rates.cached_input ?? 0);
}

function ratesFor(row: PriceRow, input: number): Rates {
  return row.above && input > row.above.tokens ? row.above : row;
}

function costOf(rates: Rates, usage: BilledUsage): number {
  const cached = Math.min(usage.cachedInput, usage.input);
  const written = Math.min(usage.cacheWriteInput, usage.input - cached);
  const fresh = usage.input - cached - written;
  const dollars =
    fresh * rates.input +
    cached * (rates.cached_input ?? rates.input) +
    written * (rates.cache_write ?? rates.input) +
    usage.output * rates.output;
  return dollars * nanoPerToken;
}
