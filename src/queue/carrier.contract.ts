import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { assign, claimTask, newTask, seedRun } from '../../test/seed-run.ts';
import { createId } from '../platform/ids.ts';
import { type Lane, lanes } from '../platform/lanes.ts';
import type { Store } from '../platform/store/store.ts';
import type { Carrier, Delivery } from './carrier.ts';
import type { TaskMessage } from './task.ts';

export interface CarrierHarness {
  store: Store;
  carrier: Carrier;
  /** Puts messages where carriers find them, as an assignment and the relay do. */
  announce(messages: readonly TaskMessage[]): Promise<void>;
  /** Another process's carrier on the same queues. */
  another(): Promise<Carrier>;
  /** The holder of this carrier dies without a word, and the others have noticed. */
  kill(carrier: Carrier): Promise<void>;
  /** Puts something that is no message at all on a queue; absent where that cannot be. */
  announceMalformed?(provider: string, lane: Lane): Promise<void>;
  /** How many messages lie in the dead-letter queue. */
  deadLetters?(): Promise<number>;
}

/** What every carrier promises to the queue. The factory cleans up through `t.after`. */
export function defineCarrierContract(
  name: string,
  factory: (t: TestContext) => Promise<CarrierHarness>,
): void {
  const promise = (
    words: string,
    check: (harness: CarrierHarness, t: TestContext) => Promise<void>,
  ) => test(`${name}: ${words}`, async (t) => check(await factory(t), t));

  promise('delivers every message, each once while all are acknowledged', async (harness) => {
    const sent = Array.from({ length: 30 }, (_, index) =>
      message({ lane: lanes[index % 3] ?? 'standard' }),
    );
    await harness.announce(sent);
    const taken = await takeAll(harness.carrier);
    assert.deepEqual(idsOf(taken), sent.map((each) => each.task_id).sort());
  });

  promise('delivers a message unchanged', async (harness) => {
    const sent = message({ lane: 'batch', assignment: 7, tenant_id: 'tenant-ü' });
    await harness.announce([sent]);
    const delivery = await takeOne(harness.carrier);
    assert.deepEqual(delivery.message, sent);
  });

  promise('takes nothing where nothing waits', async ({ carrier }) => {
    assert.deepEqual(await carrier.take(oneSlot, lanes), []);
    assert.deepEqual(await carrier.take(new Map(), lanes), []);
    assert.deepEqual(await carrier.take(new Map([['openai', 0]]), lanes), []);
  });

  promise('never delivers an acknowledged message again', async (harness) => {
    await harness.announce([message()]);
    await (await takeOne(harness.carrier)).acknowledge();
    const other = await harness.another();
    await harness.kill(harness.carrier);
    assert.deepEqual(await other.take(oneSlot, lanes), []);
  });

  promise('takes one message into one slot and leaves the rest to others', async (harness) => {
    const sent = [message(), message(), message()];
    await harness.announce(sent);
    const other = await harness.another();
    const held = await takeOne(harness.carrier);
    const rest = await takeAll(other);
    assert.deepEqual(idsOf([held.message, ...rest]), sent.map((each) => each.task_id).sort());
  });

  promise('fills several slots, of no provider more than are free', async (harness) => {
    const waiting = Array.from({ length: 5 }, () => message());
    const others = Array.from({ length: 5 }, () => message({ provider: 'qwen' }));
    await harness.announce([...waiting, ...others]);
    const free = new Map([
      ['openai', 3],
      ['qwen', 1],
      ['gemini', 4],
    ]);
    const held: TaskMessage[] = [];
    while (held.length < 4) {
      const taken = await harness.carrier.take(free, lanes);
      assert.ok(taken.length > 0, 'nothing was delivered');
      for (const { message: each } of taken) {
        held.push(each);
        free.set(each.provider, (free.get(each.provider) ?? 0) - 1);
      }
    }
    const providers = held.map(({ provider }) => provider).sort();
    assert.deepEqual(providers, ['openai', 'openai', 'openai', 'qwen']);
    assert.equal(new Set(idsOf(held)).size, 4);
  });

  promise('shows a held message to nobody else', async (harness) => {
    await harness.announce([message()]);
    await takeOne(harness.carrier);
    const other = await harness.another();
    assert.deepEqual(await other.take(oneSlot, lanes), []);
  });

  promise('delivers a released message again', async (harness) => {
    const sent = message();
    await harness.announce([sent]);
    await (await takeOne(harness.carrier)).release();
    const again = await takeOne(await harness.another());
    assert.equal(again.message.task_id, sent.task_id);
  });

  promise('delivers again what its holder took and died with', async (harness) => {
    const sent = message();
    await harness.announce([sent]);
    const other = await harness.another();
    await takeOne(harness.carrier);
    await harness.kill(harness.carrier);
    assert.equal((await takeOne(other)).message.task_id, sent.task_id);
  });

  promise('gives only messages of the asked providers and lanes', async (harness) => {
    const [wanted, otherProvider, otherLane] = [
      message({ provider: 'openai', lane: 'standard' }),
      message({ provider: 'qwen', lane: 'standard' }),
      message({ provider: 'openai', lane: 'batch' }),
    ];
    await harness.announce([otherProvider, otherLane, wanted]);
    const [delivery] = await harness.carrier.take(oneSlot, ['standard']);
    assert.equal(delivery?.message.task_id, wanted.task_id);
    await delivery.acknowledge();
    assert.deepEqual(await harness.carrier.take(oneSlot, ['standard']), []);
    assert.deepEqual(
      idsOf(await takeAll(harness.carrier, ['openai', 'qwen'])),
      [otherProvider.task_id, otherLane.task_id].sort(),
    );
  });

  promise('serves the urgent lanes more often and starves none', async (harness) => {
    const sent = lanes.flatMap((lane) => Array.from({ length: 20 }, () => message({ lane })));
    await harness.announce(sent);
    const counts = { priority: 0, standard: 0, batch: 0 };
    for (let take = 0; take < 20; take += 1) {
      const delivery = await takeOne(harness.carrier);
      counts[delivery.message.lane] += 1;
      await delivery.acknowledge();
    }
    assert.ok(counts.priority > counts.standard, JSON.stringify(counts));
    assert.ok(counts.standard > counts.batch, JSON.stringify(counts));
    assert.ok(counts.batch >= 1, JSON.stringify(counts));
  });

  promise('wakes a watcher when a message comes, and not after it stopped', async (harness) => {
    let woken = 0;
    let resolve: () => void = () => {};
    const heard = new Promise<void>((done) => {
      resolve = done;
    });
    const stop = harness.carrier.watch(() => {
      woken += 1;
      resolve();
    });
    await harness.announce([message()]);
    await heard;
    stop();
    const before = woken;
    await harness.announce([message()]);
    assert.equal((await harness.carrier.take(oneSlot, lanes)).length, 1);
    assert.equal(woken, before);
  });

  promise('makes of a duplicate one claim', async (harness) => {
    const task = newTask();
    await seedRun(harness.store, { tasks: [task] });
    const sent = await assign(harness.store, task.id);
    await harness.announce([sent, sent]);
    const claims: unknown[] = [];
    for (const delivery of await holdAll(harness.carrier)) {
      claims.push(await claimTask({ store: harness.store }, delivery.message, 'wrk_1'));
      await delivery.acknowledge();
    }
    assert.equal(claims.filter((claim) => claim !== null).length, 1);
  });

  promise('puts aside what cannot be parsed and goes on', async (harness, t) => {
    if (!harness.announceMalformed || !harness.deadLetters) {
      t.skip('here nothing but a message can be announced');
      return;
    }
    await harness.announceMalformed('openai', 'standard');
    const sent = message();
    await harness.announce([sent]);
    assert.deepEqual(idsOf(await takeAll(harness.carrier)), [sent.task_id]);
    assert.equal(await harness.deadLetters(), 1);
  });
}

function message(given: Partial<TaskMessage> = {}): TaskMessage {
  return {
    task_id: createId('tsk'),
    run_id: 'run_contract',
    tenant_id: 'default',
    assignment: 1,
    provider: 'openai',
    lane: 'standard',
    ...given,
  };
}

const oneSlot = new Map([['openai', 1]]);

const slotsFor = (providers: readonly string[], each = 1) =>
  new Map(providers.map((provider) => [provider, each]));

const idsOf = (messages: readonly TaskMessage[]) => messages.map((each) => each.task_id).sort();

async function takeOne(carrier: Carrier): Promise<Delivery> {
  const [delivery, ...more] = await carrier.take(oneSlot, lanes);
  assert.ok(delivery, 'nothing was delivered');
  assert.equal(more.length, 0, 'more was delivered than there are slots');
  return delivery;
}

async function holdAll(carrier: Carrier, providers = ['openai']): Promise<Delivery[]> {
  const held: Delivery[] = [];
  for (;;) {
    const deliveries = await carrier.take(slotsFor(providers), lanes);
    if (deliveries.length === 0) return held;
    held.push(...deliveries);
  }
}

async function takeAll(carrier: Carrier, providers = ['openai']): Promise<TaskMessage[]> {
  const taken: TaskMessage[] = [];
  for (;;) {
    const deliveries = await carrier.take(slotsFor(providers), lanes);
    if (deliveries.length === 0) return taken;
    taken.push(...deliveries.map(({ message }) => message));
    for (const { acknowledge } of deliveries) await acknowledge();
  }
}
