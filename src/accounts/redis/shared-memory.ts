import type { Clock } from '../../platform/clock.ts';
import { createId } from '../../platform/ids.ts';
import { errorFields } from '../../platform/log.ts';
import { repeat } from '../../platform/repeat.ts';
import { parseBeat } from './answer.ts';
import { type Backlog, createBacklog } from './backlog.ts';
import { type OwnKnowledge, openScopes } from './open-scopes.ts';
import type { Operation } from './operation.ts';
import { createPicture, pauseOf } from './picture.ts';
import type { RedisLimiterDeps } from './redis-limiter-deps.ts';
import { adoptOperation, createReservationBook } from './reservation-book.ts';
import type { Urgency } from './scope-caller.ts';
import type { Scope, Scopes } from './scopes.ts';
import { createServerClock } from './server-clock.ts';
import { createStandIn, type StandIn } from './stand-in.ts';

/** The server's memory as this process reaches it: heartbeats, its loss, its return. */
export interface SharedMemory extends OwnKnowledge {
  readonly clock: Clock;
  readonly scopes: Scopes;
  readonly standIn: StandIn;
  /** Carries an operation out, or keeps it for when the server is back. Only `now` waits for it. */
  perform(scope: Scope, operation: Operation, urgency: Urgency): Promise<void>;
  /** The server did not answer: the stand-in takes over. */
  lose(error: unknown): Promise<void>;
  /** Sends what waits and takes a new picture. */
  look(): Promise<void>;
  watch(hear: () => void): () => void;
  wake(): void;
  close(): Promise<void>;
}

const beatMs = 1000;
/** A beat rides with other calls and may be late by as long as those wait; a replica that missed some is gone. */
const lifeMs = 10_000;

export function openSharedMemory(deps: RedisLimiterDeps): SharedMemory {
  const { clock, connection } = deps;
  const listeners = new Set<() => void>();
  const wake = () => {
    for (const hear of listeners) hear();
  };
  const own: OwnKnowledge = {
    replicaId: createId('wrk'),
    serverClock: createServerClock(clock, deps.serverNow),
    picture: createPicture(clock),
    book: createReservationBook(clock.now),
  };
  const scopes = openScopes(deps, own, wake);
  const backlog = createBacklog(clock);
  const standIn = createStandIn({
    ...own,
    clock,
    fail: deps.fail,
    open: deps.openStandIn,
    made: (id, open) => backlog.keep(open.scope, adoptOperation(id, open, clock.now())),
  });
  const presence = createPresence(deps, { own, scopes, backlog, standIn, wake });
  const stop = repeat(clock, beatMs, {
    work: () => presence.beat('along'),
    failed: presence.lose,
  });
  connection.onReady(() => void presence.beat('now'));

  return {
    ...own,
    clock,
    scopes,
    standIn,
    wake,
    lose: presence.lose,
    async perform(scope, operation, urgency) {
      if (presence.isLost()) return backlog.keep(scope, operation);
      const done = scope.caller.ask(operation, urgency).then(
        () => undefined,
        (error: unknown) => {
          backlog.keep(scope, operation);
          return presence.lose(error);
        },
      );
      if (urgency === 'now') await done;
    },
    async look() {
      await Promise.all(scopes.all().map(({ caller }) => caller.flush()));
      await presence.beat('now');
    },
    watch(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    async close() {
      stop();
      listeners.clear();
      await presence.leave();
      await standIn.end();
      await connection.close();
    },
  };
}

interface Presence {
  isLost(): boolean;
  lose(error: unknown): Promise<void>;
  /** Says that this replica is alive and hears what is left everywhere; never rejects. */
  beat(urgency: Urgency): Promise<void>;
  leave(): Promise<void>;
}

interface PresenceParts extends Pick<SharedMemory, 'scopes' | 'standIn' | 'wake'> {
  own: OwnKnowledge;
  backlog: Backlog;
}

function createPresence(deps: RedisLimiterDeps, parts: PresenceParts): Presence {
  const { clock, log, fail } = deps;
  const { own, scopes, backlog, standIn, wake } = parts;
  let replicas: number | null = null;
  let losing: Promise<void> | null = null;
  let beating: Promise<void> = Promise.resolve();
  let regaining: Promise<void> | null = null;
  let hasLeft = false;

  async function lose(error: unknown): Promise<void> {
    // Nothing stands in for one that is closed: its timers would keep the process alive.
    if (hasLeft) return;
    losing ??= (async () => {
      log.error('limiter.lost', { ...errorFields(error), count: replicas, kind: fail });
      const accounts = scopes.all().flatMap((scope) => scope.accounts);
      await standIn.begin(replicas, accounts);
      wake();
    })();
    await losing;
  }

  async function beatIn(scope: Scope, urgency: Urgency): Promise<void> {
    const accounts = scope.accounts.map(({ id }) => id);
    const operation: Operation = { op: 'beat', id: own.replicaId, ttl: lifeMs, accounts };
    const [alive, seats, paused] = parseBeat(await scope.caller.ask(operation, urgency));
    replicas = alive;
    own.picture.see(seats);
    const ahead = own.serverClock.now() - clock.now();
    own.picture.seePauses(
      accounts,
      paused.map((pause) => pauseOf(pause, ahead)),
    );
  }

  async function beat(asked: Urgency): Promise<void> {
    if (hasLeft) return;
    // Without the server nothing else travels: the beat is how its return is known.
    const urgency = losing === null ? asked : 'now';
    try {
      await Promise.all(scopes.all().map((scope) => beatIn(scope, urgency)));
      if (losing !== null) await regainOnce();
    } catch (error) {
      await lose(error);
    }
  }

  /** Tells what happened meanwhile, and goes on as before. */
  async function regain(): Promise<void> {
    await backlog.tell();
    losing = null;
    await standIn.end();
    // What was kept between the last that was told and the line above would wait for the next outage.
    await backlog.tell();
    log.info('limiter.back');
    wake();
  }

  /** Two beats may find the server back: what happened meanwhile is told once. */
  function regainOnce(): Promise<void> {
    regaining ??= regain().finally(() => {
      regaining = null;
    });
    return regaining;
  }

  return {
    isLost: () => losing !== null,
    lose,
    beat(urgency) {
      // One that cannot wait does not stand behind one that waits for company.
      const done = urgency === 'now' ? beat(urgency) : beating.then(() => beat(urgency));
      beating = Promise.all([beating, done]).then(() => undefined);
      return done;
    },
    async leave() {
      hasLeft = true;
      if (losing !== null) return;
      const operation: Operation = { op: 'leave', id: own.replicaId };
      await Promise.allSettled(scopes.all().map(({ caller }) => caller.ask(operation, 'now')));
    },
  };
}
