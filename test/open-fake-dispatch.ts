import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { AccountSpec } from '../src/accounts/index.ts';
import { CallError, type CallOrder } from '../src/dispatch/index.ts';
import type { Clock } from '../src/platform/clock.ts';
import type { TimeOuts } from '../src/platform/config/config.ts';
import type { StreamEvent } from '../src/protocol/index.ts';
import {
  type FakeUpstream,
  fakeAccounts,
  fakeProvider,
  startFakeUpstream,
} from './fake-upstream.ts';
import { newOrder, startDispatch } from './start-dispatch.ts';

const prices = { 'fake/m': { input: 1, output: 10, cachedInput: null } };
/** A call whose silence is not the matter of its test outlasts any stall of the machine. */
const patient = { firstByteMs: 60_000, firstTokenMs: 60_000, idleMs: 60_000, replyMs: 60_000 };

interface Setting {
  accounts?: (upstream: FakeUpstream) => AccountSpec[];
  clock?: Clock;
  /** Networks that accounts which are not simulated may lie in. */
  allow?: string[];
  /** How long a call may be silent; a minute where nothing is said. */
  timeOuts?: Partial<TimeOuts>;
}

/** A dispatch with two accounts at one fake provider. */
export async function openFakeDispatch(
  t: TestContext,
  { accounts, clock, allow = [], timeOuts = {} }: Setting = {},
) {
  const upstream = await startFakeUpstream(t);
  const { dispatch, store } = await startDispatch(t, {
    accounts: accounts?.(upstream) ?? fakeAccounts(upstream.url, 'a', 'b'),
    config: { providers: [fakeProvider], prices, upstreamAllowCidrs: allow },
    timeOutsFor: () => ({ ...patient, ...timeOuts }),
    ...(clock ? { clock } : {}),
    random: { next: () => 0, integer: () => 0, fork: () => assert.fail() },
  });
  const call = (order: Partial<CallOrder> = {}) =>
    dispatch.call(newOrder({ models: ['fake/m'], ...order }));
  const attempts = () =>
    store.transaction('system', (tx) =>
      tx.query<AttemptRow>(
        `SELECT account_id, outcome, failure->>'code' AS code, input_tokens, output_tokens, cost_nano_usd
         FROM attempts ORDER BY started_at, id`,
      ),
    );
  return { upstream, dispatch, store, call, attempts };
}

export interface AttemptRow {
  account_id: string;
  outcome: string;
  code: string | null;
  input_tokens: number;
  output_tokens: number;
  cost_nano_usd: number | null;
}

/** Text and reasoning heard, as one string, with `|` at the end event. */
export function listener() {
  let heard = '';
  const onEvent = (event: StreamEvent) => {
    heard += event.type === 'end' ? '|' : event.text;
  };
  return { onEvent, heard: () => heard };
}

/** The error with which a call failed at its provider. */
export async function failureOf(promise: Promise<unknown>): Promise<CallError> {
  const error = await promise.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CallError, String(error));
  return error;
}
