import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SimulatedAccount, SimulatedLimit } from '../accounts.ts';
import { createManualClock } from '../manual-clock.ts';
import { createGate, type Entry } from './gate.ts';

const none = { rpm: null, rpd: null, tpm: null, itpm: null, otpm: null, concurrency: null };
const size = { inputTokens: 100, inputCharacters: 400, maxTokens: 0 };

function gateOf(
  provider: SimulatedAccount['provider'],
  ...limits: (Partial<SimulatedLimit> & { models: string[] })[]
) {
  const clock = createManualClock();
  const account = {
    id: 'one',
    provider,
    base_url: '',
    secret: '',
    models: ['m'],
    limits: limits.map((limit) => ({ ...none, ...limit })),
  };
  return { clock, gate: createGate({ clock }, account) };
}

function breachOf(entry: Entry) {
  assert.equal(entry.admitted, false);
  return entry.admitted ? undefined : entry.breach;
}

test('OpenAI reserves the larger of the output cap and a quarter of the characters', () => {
  const { gate } = gateOf('openai', { models: ['*'], tpm: 1_000 });
  assert.equal(gate.enter('m', { ...size, maxTokens: 900 }).admitted, true);
  assert.equal(gate.gauges('m')[0]?.remaining, 100);
  assert.equal(gate.enter('m', size).admitted, true);
  const breach = breachOf(gate.enter('m', size));
  assert.deepEqual([breach?.dimension, breach?.requested, breach?.waitMs], ['tpm', 100, 6_000]);
});

test('OpenAI counts requests that failed', () => {
  const { gate } = gateOf('openai', { models: ['*'], rpm: 2 });
  gate.countFailure('m');
  gate.countFailure('m');
  assert.equal(breachOf(gate.enter('m', size))?.dimension, 'rpm');
});

test('Anthropic counts output when it exists, and refuses once nothing is left', () => {
  const { gate, clock } = gateOf('anthropic', { models: ['*'], itpm: 10_000, otpm: 600 });
  const first = gate.enter('m', size);
  assert.ok(first.admitted);
  first.leave({ input: 100, output: 900 });
  assert.equal(breachOf(gate.enter('m', size))?.dimension, 'otpm');
  clock.advance(31_000);
  assert.equal(gate.enter('m', size).admitted, true);
});

test("Anthropic's models of one class share its limit", () => {
  const { gate } = gateOf(
    'anthropic',
    { models: ['claude-opus-*'], rpm: 1 },
    { models: ['*'], rpm: 1 },
  );
  assert.equal(gate.enter('claude-opus-5-5', size).admitted, true);
  assert.equal(gate.enter('claude-opus-5-4', size).admitted, false);
  assert.equal(gate.enter('claude-haiku-4-5', size).admitted, true);
});

test("OpenAI's models have a window each", () => {
  const { gate } = gateOf('openai', { models: ['*'], rpm: 1 });
  assert.equal(gate.enter('m', size).admitted, true);
  assert.equal(gate.enter('n', size).admitted, true);
});

test('Gemini counts input alone, and its day starts anew at midnight in Los Angeles', () => {
  const { gate, clock } = gateOf('gemini', { models: ['*'], rpd: 1, itpm: 150 });
  const entry = gate.enter('m', { ...size, maxTokens: 65_536 });
  assert.ok(entry.admitted);
  entry.leave({ input: 100, output: 60_000 });
  const breach = breachOf(gate.enter('m', size));
  assert.deepEqual([breach?.dimension, breach?.period], ['rpd', 'day']);
  clock.advance(breach?.waitMs ?? 0);
  assert.equal(gate.enter('m', size).admitted, true);
});

test('DeepSeek counts calls at once and nothing else', () => {
  const { gate } = gateOf('deepseek', { models: ['*'], concurrency: 2 });
  const first = gate.enter('m', size);
  gate.enter('m', size);
  assert.equal(breachOf(gate.enter('m', size))?.dimension, 'concurrency');
  assert.ok(first.admitted);
  first.leave({ input: 1, output: 1 });
  assert.equal(gate.enter('m', size).admitted, true);
});

test('DashScope enforces a sixtieth per second beside the minute', () => {
  const { gate, clock } = gateOf('qwen', { models: ['*'], rpm: 120 });
  assert.equal(gate.enter('m', size).admitted, true);
  assert.equal(gate.enter('m', size).admitted, true);
  assert.equal(breachOf(gate.enter('m', size))?.period, 'second');
  clock.advance(1_000);
  assert.equal(gate.enter('m', size).admitted, true);
});

test('a call larger than a second’s share enters when the second is untouched', () => {
  const { gate } = gateOf('qwen', { models: ['*'], tpm: 1_200 });
  assert.equal(gate.enter('m', size).admitted, true);
  assert.equal(gate.enter('m', size).admitted, false);
});

test('peaks tell what was let in and what was asked for', () => {
  const { gate } = gateOf('openai', { models: ['*'], rpm: 2 });
  for (let call = 0; call < 3; call += 1) gate.enter('m', size);
  assert.deepEqual(gate.peaks(), [
    { models: 'm', dimension: 'rpm', limit: 2, used: 2, ratio: 1, offered_ratio: 1.5 },
  ]);
});
