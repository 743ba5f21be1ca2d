import type { Waiter } from './waiter.ts';

/** Who takes part in a fair sharing: a tenant among tenants, a lane among a tenant's lanes. */
export interface ShareFlow {
  /** Virtual time at which its next call starts: the least is next. */
  start: number;
  /** What it may take ahead of its share after it was idle, in virtual time. */
  readonly credit: number;
  /** Tokens that wait. */
  backlog: number;
  /** Calls that wait. */
  calls: number;
}

export interface FairShares<Flow extends ShareFlow> {
  readonly flows: Flow[];
  join(flow: Flow, tokens: number): void;
  part(flow: Flow, tokens: number): void;
  /** One call was served; `advance` is its tokens over the flow's weight. */
  charge(flow: Flow, advance: number): void;
  /** Everyone who waits, in the order in which they would be served. */
  walk(open: (flow: Flow) => FlowWalk): Iterable<Waiter>;
  clear(): void;
}

interface FlowWalk {
  each: Iterable<Waiter>;
  advance: (waiter: Waiter) => number;
}

/** The virtual time of start-time fair queueing: the least start among those who wait. */
export function createFairShares<Flow extends ShareFlow>(): FairShares<Flow> {
  const flows: Flow[] = [];
  let virtual = 0;

  function advanceTime(): void {
    let least = Number.POSITIVE_INFINITY;
    for (const { calls, start } of flows) if (calls > 0) least = Math.min(least, start);
    if (least !== Number.POSITIVE_INFINITY) virtual = Math.max(virtual, least);
  }

  return {
    flows,
    join(flow, tokens) {
      // Who was idle begins now: no credit for time in which nothing was asked.
      if (flow.calls === 0) flow.start = Math.max(virtual - flow.credit, flow.start);
      flow.calls += 1;
      flow.backlog += tokens;
    },
    part(flow, tokens) {
      flow.calls -= 1;
      flow.backlog -= tokens;
      advanceTime();
    },
    charge(flow, advance) {
      flow.start += advance;
      advanceTime();
    },
    *walk(open) {
      const walks = flows
        .filter(({ calls }) => calls > 0)
        .map((flow) => openWalk(flow.start, open(flow)));
      for (let next = earliest(walks); next; next = earliest(walks)) {
        const waiter = next.head.value;
        next.start += next.advance(waiter);
        yield waiter;
        next.head = next.waiters.next();
      }
    },
    clear() {
      flows.length = 0;
      virtual = 0;
    },
  };
}

interface Walk {
  start: number;
  head: IteratorResult<Waiter, unknown>;
  waiters: Iterator<Waiter>;
  advance: (waiter: Waiter) => number;
}

function openWalk(start: number, { each, advance }: FlowWalk): Walk {
  const waiters = each[Symbol.iterator]();
  return { start, waiters, advance, head: waiters.next() };
}

function earliest(walks: readonly Walk[]): (Walk & { head: { value: Waiter } }) | null {
  let first: Walk | null = null;
  for (const walk of walks) {
    if (!walk.head.done && (!first || walk.start < first.start)) first = walk;
  }
  return first as (Walk & { head: { value: Waiter } }) | null;
}
