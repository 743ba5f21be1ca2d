import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createManualClock } from '../../platform/manual-clock.ts';
import { createAdaptiveLimit } from './adaptive-limit.ts';
import { type CircuitState, createCircuit } from './circuit.ts';
import { createGates } from './create-gates.ts';

function openCircuit() {
  const clock = createManualClock();
  const told: CircuitState[] = [];
  const circuit = createCircuit(clock, (state) => told.push(state));
  const fail = (times: number, retryAfterMs: number | null = null) => {
    for (let call = 0; call < times; call += 1) circuit.failed(clock.now(), retryAfterMs);
  };
  return { clock, circuit, told, fail };
}

it('opens at five failures that are half of what is weighed, and not at four or among many successes', () => {
  const { circuit, fail } = openCircuit();
  fail(4);
  assert.equal(circuit.state(), 'closed');
  fail(1);
  assert.equal(circuit.state(), 'open');
  const calm = openCircuit();
  for (let call = 0; call < 40; call += 1) calm.circuit.succeeded(calm.clock.now());
  calm.fail(9);
  assert.equal(calm.circuit.state(), 'closed');
  calm.fail(1);
  assert.equal(calm.circuit.state(), 'open');
});

it('forgets failures that lie more than a minute back', async () => {
  const { circuit, fail, clock } = openCircuit();
  fail(4);
  await clock.advance(60_001);
  fail(4);
  assert.equal(circuit.state(), 'closed');
});

it('tries again after a time that doubles, and closes after two trials that succeed', async () => {
  const { circuit, fail, clock, told } = openCircuit();
  fail(5);
  assert.equal(circuit.waitMs(), 5000);
  // What was under way when it opened changes nothing.
  fail(3);
  assert.equal(circuit.waitMs(), 5000);
  await clock.advance(5000);
  assert.equal(circuit.state(), 'half_open');
  const back = circuit.enter();
  assert.ok(circuit.isTrying());
  fail(1);
  back();
  assert.ok(!circuit.isTrying());
  assert.deepEqual([circuit.state(), circuit.waitMs()], ['open', 10_000]);
  await clock.advance(10_000);
  circuit.succeeded(clock.now());
  assert.equal(circuit.state(), 'half_open');
  circuit.succeeded(clock.now());
  assert.equal(circuit.state(), 'closed');
  assert.deepEqual(told, ['open', 'open', 'closed']);
  fail(4);
  assert.equal(circuit.state(), 'closed', 'it begins anew');
});

it('waits as long as the provider says, up to a minute', () => {
  const { circuit, fail } = openCircuit();
  fail(5, 42_000);
  assert.equal(circuit.waitMs(), 42_000);
  const long = openCircuit();
  long.fail(5, 3_600_000);
  assert.equal(long.circuit.waitMs(), 60_000);
});

it('bounds the calls that are out when a provider is overrun, once per sign, never below one', async () => {
  const clock = createManualClock();
  const load = createAdaptiveLimit(clock, () => Number.POSITIVE_INFINITY);
  for (let call = 0; call < 10; call += 1) load.enter();
  assert.equal(load.limit(), Number.POSITIVE_INFINITY);
  for (let call = 0; call < 5; call += 1) load.overrun();
  assert.equal(load.limit(), 7);
  for (let sign = 0; sign < 20; sign += 1) {
    await clock.advance(1000);
    load.overrun();
  }
  assert.equal(load.limit(), 1);
});

it('grows by one a round while it is used, up to what the accounts may have out', async () => {
  const clock = createManualClock();
  const load = createAdaptiveLimit(clock, () => 8);
  for (let call = 0; call < 8; call += 1) load.enter();
  load.overrun();
  assert.equal(load.limit(), 5);
  for (let call = 0; call < 6; call += 1) load.succeeded();
  assert.equal(load.limit(), 6);
  for (let call = 0; call < 4; call += 1) load.leave();
  for (let call = 0; call < 3; call += 1) load.leave();
  for (let call = 0; call < 50; call += 1) load.succeeded();
  assert.equal(load.limit(), 6, 'what is not used proves nothing');
  for (let call = 0; call < 7; call += 1) load.enter();
  for (let call = 0; call < 20; call += 1) load.succeeded();
  assert.equal(load.limit(), Number.POSITIVE_INFINITY);
});

it('wakes those who wait when a call ends only where the gate had refused one', () => {
  const gates = createGates({
    clock: createManualClock(),
    ceilingOf: () => Number.POSITIVE_INFINITY,
    breakerChanged: () => undefined,
  });
  const gate = gates.of('vendor/model');
  let heard = 0;
  const call = () => {
    heard = 0;
    gate.enter().leave(true);
    return heard;
  };
  gates.watch(() => {
    heard += 1;
  });
  assert.equal(call(), 0);
  gates.drain(new Set(['vendor']));
  assert.equal(gate.refusal()?.reason, 'drained');
  gates.drain(new Set());
  assert.equal(call(), 1);
  assert.equal(call(), 0);
});

it('judges a provider that is tried by what was sent since, not by what it was sent before it broke', async () => {
  const { circuit, fail, clock } = openCircuit();
  const before = clock.now();
  fail(5);
  await clock.advance(5000);
  circuit.failed(before, null);
  assert.equal(circuit.state(), 'half_open', 'a call of before timed out');
  circuit.succeeded(before);
  circuit.succeeded(clock.now());
  assert.equal(circuit.state(), 'half_open', 'one trial is not two');
  circuit.succeeded(clock.now());
  for (let call = 0; call < 5; call += 1) circuit.failed(before, null);
  assert.equal(circuit.state(), 'closed');
});
