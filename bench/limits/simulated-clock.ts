import type { Clock } from '../../src/platform/clock.ts';

/** Time that jumps from event to event: minutes of a hundred accounts pass in seconds. */
export interface SimulatedClock extends Clock {
  /** Fires what falls due until `end`, epoch ms; promises settle between two instants. */
  runUntil(end: number): Promise<void>;
}

interface Event {
  at: number;
  order: number;
  fire: (() => void) | null;
}

export function createSimulatedClock(startMs: number): SimulatedClock {
  let time = startMs;
  let order = 0;
  const heap = createHeap();

  return {
    now: () => time,
    setTimer(delayMs, fire) {
      // Whole milliseconds, as `Date.now` counts them.
      const event: Event = { at: time + Math.max(0, Math.ceil(delayMs)), order: order++, fire };
      heap.push(event);
      return () => {
        event.fire = null;
      };
    },
    async runUntil(end) {
      for (let next = heap.first(); next && next.at <= end; next = heap.first()) {
        heap.pop();
        if (!next.fire) continue;
        time = next.at;
        next.fire();
        await settlePromises();
      }
      time = end;
    },
  };
}

const settlePromises = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A binary heap, earliest first; equal times in the order of setting. */
function createHeap() {
  const events: Event[] = [];
  const before = (one: Event, other: Event) =>
    one.at < other.at || (one.at === other.at && one.order < other.order);

  function sink(event: Event): void {
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = events[child];
      const right = events[child + 1];
      if (!left) break;
      if (right && before(right, left)) child += 1;
      const smaller = events[child];
      if (!smaller || !before(smaller, event)) break;
      events[index] = smaller;
      index = child;
    }
    events[index] = event;
  }

  return {
    first: () => events[0],
    push(event: Event): void {
      let index = events.push(event) - 1;
      for (;;) {
        const above = (index - 1) >> 1;
        const parent = events[above];
        if (index === 0 || !parent || !before(event, parent)) break;
        events[index] = parent;
        index = above;
      }
      events[index] = event;
    },
    pop(): void {
      const last = events.pop();
      if (last && events.length > 0) sink(last);
    },
  };
}
