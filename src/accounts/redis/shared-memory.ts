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
import type { Scope, Scopes } from './scopes.ts';
import { createServerClock } from './server-clock.ts';
import { createStandIn, type StandIn } from './stand-in.ts';

/** The server's memory as this process reaches it: heartbeats, its loss, its return. */
export interface SharedMemory extends OwnKnowledge {
  readonly clock: Clock;
  readonly scopes: Scopes;
  readonly standIn: StandIn;
  /** Carries an operation out, or keeps it for when the server is back. `soon` does not wait for it. */
  perform(scope: Scope, operation: Operation, urgency: 'now' | 'soon'): Promise<void>;
  /** The server did not answer: the stand-in takes over. */
  lose(error: unknown): Promise<void>;
  /** Sends what waits and takes a new picture. */
  look(): Promise<void>;
  watch(hear: () => void): () => void;
  wake(): void;
  close(): Promise<void>;
}

const beatMs = 1000;
/** A replica that missed this many beats is gone. */
const beatsOfLife = 3;

export function openSharedMemory(deps: RedisLimiterDeps): SharedMemory {
  const { clock, connection } = deps;
  const listeners = new Set<() => void>();
  const wake = () => {
    for (const hear of listeners) hear();
  };
  const own: OwnKnowledge = {
    replicaId: createId('wrk'),
    serverClock: createServerClock(clock, deps.serverNow),
    picture: createPicture(),
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
  const stop = repeat(clock, beatMs, { work: presence.beat, failed: presence.lose });
  connection.onReady(() => void presence.beat());

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
      await presence.beat();
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
  beat(): Promise<void>;
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

  function lose(error: unknown): Promise<void> {
    losing ??= (async () => {
      log.error('limiter.lost', { ...errorFields(error), count: replicas, kind: fail });
      const accounts = scopes.all().flatMap((scope) => scope.accounts);
      await standIn.begin(replicas, accounts);
      wake();
    })();
    return losing;
  }

  async function beatIn(scope: Scope): Promise<void> {
    const accounts = scope.accounts.map(({ id }) => id);
    const ttl = beatsOfLife * beatMs;
    const operation: Operation = { op: 'beat', id: own.replicaId, ttl, accounts };
    const [alive, seats, paused] = parseBeat(await scope.caller.ask(operation, 'now'));
    replicas = alive;
    own.picture.see(seats);
    const ahead = own.serverClock.now() - clock.now();
    own.picture.seePauses(
      accounts,
      paused.map((pause) => pauseOf(pause, ahead)),
    );
  }

  async function beat(): Promise<void> {
    try {
      await Promise.all(scopes.all().map(beatIn));
      if (losing !== null) await regain();
    } catch (error) {
      await lose(error);
    }
  }

  /** Tells what happened meanwhile, and goes on as before. */
  async function regain(): Promise<void> {
    await backlog.tell();
    losing = null;
    await standIn.end();
    log.info('limiter.back');
    wake();
  }

  return {
    isLost: () => losing !== null,
    lose,
    beat() {
      beating = beating.then(beat);
      return beating;
    },
    async leave() {
      await beating;
      if (losing !== null) return;
      const operation: Operation = { op: 'leave', id: own.replicaId };
      await Promise.allSettled(scopes.all().map(({ caller }) => caller.ask(operation, 'now')));
    },
  };
}
