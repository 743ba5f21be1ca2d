import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { priceCall, worstCase } from './price-call.ts';
import { createPrices } from './prices.ts';

const prices = createPrices();
const at = Date.UTC(2026, 10, 21, 12);
const usage = { input: 1000, output: 200, cachedInput: 0, cacheWriteInput: 0 };

it('prices a call in whole nano-USD', () => {
  // claude-opus-5-5: 4 USD per million input tokens, 20 of output.
  const cost = priceCall(prices, { model: 'anthropic/claude-opus-5-5', at, usage });
  assert.equal(cost, 1000 * 4000 + 200 * 20_000);
});

it('charges cached and cache-writing input at their own rates', () => {
  const cached = { ...usage, cachedInput: 600, cacheWriteInput: 300 };
  const cost = priceCall(prices, { model: 'anthropic/claude-opus-5-5', at, usage: cached });
  assert.equal(cost, 100 * 4000 + 600 * 200 + 300 * 5000 + 200 * 20_000);
});

it('charges a long prompt wholly at the higher rate', () => {
  const long = { ...usage, input: 300_000, output: 10 };
  const model = 'openai/gpt-5.6-sol';
  assert.equal(priceCall(prices, { model, at, usage: long }), 300_000 * 8000 + 10 * 30_000);
  const short = { ...usage, input: 200_000, output: 10 };
  assert.equal(priceCall(prices, { model, at, usage: short }), 200_000 * 4000 + 10 * 20_000);
});

it('knows the hours and the days on which a price holds', () => {
  const model = 'deepseek/deepseek-v4-pro';
  const cost = (hour: number) =>
    priceCall(prices, { model, at: Date.UTC(2026, 10, 21, hour), usage: { ...usage, output: 0 } });
  assert.equal(cost(2), 2 * (cost(12) ?? 0));
  const gemini = (day: number) =>
    priceCall(prices, { model: 'gemini/gemini-3.6-flash', at: day, usage });
  assert.equal(gemini(Date.UTC(2027, 0, 2)), 2 * (gemini(at) ?? 0));
});

it('charges an account that pays a part of the price that part, and bounds it by the same', () => {
  const model = 'anthropic/claude-opus-5-5';
  const full = priceCall(prices, { model, at, usage }) ?? 0;
  assert.equal(priceCall(prices, { model, at, usage, factor: 0.8 }), full * 0.8);
  assert.equal(priceCall(prices, { model, at, usage, factor: 0 }), 0);
  const call = { model, at, inputBytes: 1000, maxOutputTokens: 200 };
  const bound = worstCase(prices, { ...call, factor: 0.8 });
  assert.ok(bound !== null && bound >= full * 0.8 && bound < (worstCase(prices, call) ?? 0));
  assert.equal(priceCall(prices, { model: 'openai/gpt-6.1-sol', at, usage, factor: 0.8 }), null);
});

it('invents no price', () => {
  assert.equal(priceCall(prices, { model: 'openai/gpt-6.1-sol', at, usage }), null);
  assert.equal(priceCall(prices, { model: 'anthropic/constructor', at, usage }), null);
  const bound = { model: 'vllm/llama', at, inputBytes: 10, maxOutputTokens: 10 };
  assert.equal(worstCase(prices, bound), null);
});

it('finds a dated snapshot under the name without its date', () => {
  assert.deepEqual(
    prices.find('anthropic/claude-haiku-4-5-20251001', at),
    prices.find('anthropic/claude-haiku-4-5', at),
  );
});

it('lets the operator set a price', () => {
  const own = createPrices({ 'vllm/llama': { input: 1, output: 2, cachedInput: null } });
  const cost = priceCall(own, { model: 'vllm/llama', at, usage: { ...usage, cachedInput: 500 } });
  assert.equal(cost, 1000 * 1000 + 200 * 2000);
});

it('never prices a call above its worst case', () => {
  const models = ['anthropic/claude-haiku-5-5', 'deepseek/deepseek-flash', 'openai/gpt-5.6-sol'];
  const call = fc.record({
    model: fc.constantFrom(...models),
    at: fc.integer({ min: at, max: at + 86_400_000 }),
    input: fc.integer({ min: 0, max: 500_000 }),
    cached: fc.double({ min: 0, max: 1, noNaN: true }),
    written: fc.double({ min: 0, max: 1, noNaN: true }),
    output: fc.integer({ min: 0, max: 100_000 }),
    capAbove: fc.integer({ min: 0, max: 1000 }),
  });
  fc.assert(
    fc.property(call, ({ model, at: time, input, cached, written, output, capAbove }) => {
      const cost = priceCall(prices, {
        model,
        at: time,
        usage: {
          input,
          output,
          cachedInput: Math.floor(input * cached),
          cacheWriteInput: Math.floor(input * written),
        },
      });
      const maxOutputTokens = output + capAbove;
      const bound = worstCase(prices, { model, at: time, inputBytes: input, maxOutputTokens });
      assert.ok(cost !== null && bound !== null && cost <= bound);
    }),
  );
});
