import type { Ask } from '../limiter.ts';
import { type AskDeps, type Attempt, createAsking } from './ask-together.ts';
import { createHold } from './hold.ts';
import { createRefusedCosts, isAsLarge, type RefusedCosts } from './refused-costs.ts';
import type { Reserves } from './reserves.ts';
import { spareQuestions } from './spare-questions.ts';
import type { Waiter } from './waiter.ts';

/** One walk along the line. */
export interface Round {
  /** Serves whom it can, in order; answers in how many ms to look again, `null` where nobody waits for a time. */
  serve(): Promise<number | null>;
  /** How long the first who was refused in the last walk has to wait at least, ms; 0 where nobody was. */
  headWaitMs(): number;
  /** Room may have come earlier than anybody was told. */
  forget(): void;
}

/** So many may be refused in one round, each smaller than those before it. */
const triedPerRound = 4;
/** So many are looked at; a long line need not be walked to its end for a gap that is left. */
const seenPerRound = 128;
/** One that needs so much of what another does takes little that would be kept for that one. */
const alikeFrom = 0.5;

export function createRound(deps: AskDeps): Round {
  const { limiter, clock, line, reserves, pacer } = deps;
  const askTogether = createAsking(deps);
  const hold = createHold({ limiter, now: clock.now });
  const sparing = spareQuestions({ limiter, now: clock.now });
  let headAt = Number.NEGATIVE_INFINITY;

  /** Serves whom it can, in order; answers in how many ms to look again. */
  async function serve(): Promise<number | null> {
    const refused = createRefusedCosts(sparing.dimensionsOf);
    hold.begin();
    const againMs = await walk(refused);
    if (refused.count === 0) headAt = Number.NEGATIVE_INFINITY;
    return againMs;
  }

  async function walk(refused: RefusedCosts): Promise<number | null> {
    const group: Attempt[] = [];
    const ask = () => askAll(group.splice(0), refused);
    let seen = 0;
    let paceMs = 0;
    for (const waiter of line.inOrder()) {
      if (mustWaitFor(group, waiter)) await ask();
      paceMs = paceOf(waiter, group);
      seen += 1;
      if (paceMs > 0 || seen > seenPerRound || refused.count >= triedPerRound) break;
      group.push(...prepare(waiter, refused));
      if (group.length >= sparing.groupSize) await ask();
    }
    await ask();
    return soonest(refused.earliestMs, paceMs > 0 ? paceMs : null);
  }

  /** An urgent call lives on what is kept for it. */
  function paceOf({ asked }: Waiter, before: readonly Attempt[]): number {
    return asked.lane === 'priority' ? 0 : pacer.waitMs(before.map(({ waiter }) => waiter));
  }

  /** Whether one of those who go before may have to be held an account, of which this one would take much. */
  function mustWaitFor(group: readonly Attempt[], waiter: Waiter): boolean {
    if (group.length === 0) return false;
    const ask = leaving(reserves, waiter);
    const alike = { dimensions: sparing.dimensionsOf(ask), share: alikeFrom };
    return group.some((each) => hold.wants(each.waiter) && !isAsLarge(ask, each.ask, alike));
  }

  /** Nothing where it is known to be in vain. */
  function prepare(waiter: Waiter, refused: RefusedCosts): Attempt[] {
    const ask = leaving(reserves, waiter);
    if (waiter.done || refused.covers(ask)) return [];
    const allowed = hold.restrict(ask);
    if (allowed === null) return [];
    const attempt = { waiter, ask, allowed };
    const waitMs = sparing.recall(waiter, allowed);
    if (waitMs === null) return [attempt];
    noteRefusal(attempt, refused, waitMs);
    return [];
  }

  async function askAll(group: readonly Attempt[], refused: RefusedCosts): Promise<void> {
    if (group.length === 0) return;
    const remember = sparing.listen();
    const waits = await askTogether(group);
    for (const [index, attempt] of group.entries()) {
      const waitMs = waits[index] ?? null;
      if (waitMs === null) continue;
      remember(attempt.waiter, attempt.allowed, waitMs);
      noteRefusal(attempt, refused, waitMs);
    }
  }

  function noteRefusal({ waiter, ask }: Attempt, refused: RefusedCosts, waitMs: number): void {
    if (refused.count === 0) headAt = clock.now() + waitMs;
    refused.add(ask, waitMs);
    hold.offer(waiter, ask);
  }

  return {
    serve,
    headWaitMs: () => Math.max(0, headAt - clock.now()),
    forget: sparing.forget,
  };
}

function soonest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}

function leaving(reserves: Reserves, waiter: Waiter): Ask {
  const leave = reserves.leaveOf(waiter);
  return leave > 0 ? { ...waiter.asked.ask, leave } : waiter.asked.ask;
}
