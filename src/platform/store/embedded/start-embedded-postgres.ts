import { join } from 'node:path';
import { type Clock, sleep, systemClock } from '../../clock.ts';
import { HeadraceError } from '../../errors/headrace-error.ts';
import { errorFields, type Log } from '../../log.ts';
import { hasSqlState, toStoreError } from '../store-failure.ts';
import { prepareBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { prepareDataDirectory } from './data-directory.ts';
import {
  blamesEmptyPidFile,
  blamesPidFile,
  blamesSocketLock,
  disownPidFile,
  removeEmptyPidFile,
  removeSocketLock,
} from './disown-pid-file.ts';
import {
  blamesSharedMemory,
  explainExit,
  type Launched,
  type LaunchInput,
  launchServer,
} from './launch-server.ts';
import { reachServer, readPostmasterFile, serverUrl } from './reach-server.ts';
import { type ServerSettings, serverSettings } from './server-settings.ts';
import { chooseServerUser } from './server-user.ts';
import { makeSocketDirectory } from './socket-directory.ts';
import { stopServer } from './stop-server.ts';

export interface EmbeddedPostgresInput {
  /** Absolute. Holds the database's files in `postgres/` and its log in `postgres.log`. */
  dataDir: string;
  log: Log;
  clock?: Clock;
  /** Where the programs lie, if not in node_modules. */
  packageDir?: string;
  /** Replaces settings of the server; tests give up durability for speed. */
  settings?: ServerSettings;
}

export interface EmbeddedPostgres {
  url: string;
  /** Whether the server was already running. */
  joined: boolean;
  /**
   * Stops the server with a checkpoint, unless another process of ours uses it. Close the stores first.
   * Answers whether it was stopped.
   */
  stop(): Promise<boolean>;
}

const systemDir = '/var/lib/headrace';
const startTimeoutMs = 60_000;
const pollMs = 5;
const raceMs = 50;
const longestRetryMs = 5_000;

/**
 * Starts the private PostgreSQL of a data directory, making it at the first start, or joins the one that
 * runs there. Throws `store_version_mismatch`, `store_platform_unsupported`, `store_disk_full` and
 * `store_unavailable`, each with the way out.
 */
export async function startEmbeddedPostgres(
  input: EmbeddedPostgresInput,
): Promise<EmbeddedPostgres> {
  const clock = input.clock ?? systemClock;
  const { server, first } = await reachOwnServer(input, clock).catch((error: unknown) => {
    throw explainFileFailure(error, input.dataDir);
  });
  const stopping = new AbortController();
  if (first.launched !== undefined) void supervise(server, first.launched, stopping.signal);
  return {
    url: serverUrl(first.socketDirectory),
    joined: first.launched === undefined,
    async stop() {
      stopping.abort(new Error('The database is being stopped.'));
      const { databaseDir } = server.launch;
      return await stopServer({ socketDirectory: first.socketDirectory, databaseDir, clock });
    },
  };
}

async function reachOwnServer(input: EmbeddedPostgresInput, clock: Clock) {
  const server = await prepareServer(input, clock);
  return { server, first: await joinOrLaunch(server) };
}

function explainFileFailure(error: unknown, dataDir: string): unknown {
  if (!hasSqlState(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR')) return toStoreError(error);
  return new HeadraceError('store_unavailable', {
    message: `This user may not use the data directory: ${(error as Error).message}.`,
    where: dataDir,
    fix: 'Start as the user who made it, or set HEADRACE_DATA_DIR to a directory of your own.',
    cause: error,
  });
}

interface Server {
  launch: LaunchInput;
  socketDirectory: string;
  openSocketDirectory: () => Promise<string>;
  clock: Clock;
  log: Log;
}

async function prepareServer(input: EmbeddedPostgresInput, clock: Clock): Promise<Server> {
  const { dataDir, log } = input;
  const databaseDir = join(dataDir, 'postgres');
  const uid = process.getuid?.() ?? -1;
  const user = await chooseServerUser(databaseDir, uid);
  const binaries = await prepareBinaries({
    ...(input.packageDir === undefined ? {} : { packageDir: input.packageDir }),
    copyTo: user === null ? [dataDir] : [systemDir, dataDir],
    mustCopy: user !== null,
  });
  await prepareDataDirectory(dataDir, user);
  await ensureCluster({ databaseDir, binaries, user, clock });
  const openSocketDirectory = () => makeSocketDirectory(dataDir, { uid, user });
  const socketDirectory = await openSocketDirectory();
  const launch = {
    postgres: binaries.postgres,
    databaseDir,
    logFile: join(dataDir, 'postgres.log'),
    user,
    settings: { ...serverSettings(socketDirectory), ...input.settings },
  };
  return { launch, socketDirectory, openSocketDirectory, clock, log };
}

interface Reached {
  socketDirectory: string;
  /** Absent where the server was running before. */
  launched?: Launched;
}

/** Of processes that start at once one wins inside PostgreSQL; the others find it and join. */
async function joinOrLaunch(server: Server): Promise<Reached> {
  const { clock, log } = server;
  const { databaseDir } = server.launch;
  const deadline = clock.now() + startTimeoutMs;
  let disowned = false;
  while (clock.now() < deadline) {
    const running = await joinRunning(server);
    if (running !== undefined) return running;
    // Again: whoever stopped the server a moment ago took the directory away.
    await server.openSocketDirectory();
    const launched = await launchServer(server.launch);
    if (await untilReady(server, launched)) {
      log.info('store.server_started', { path: databaseDir });
      return { socketDirectory: server.socketDirectory, launched };
    }
    const said = await launched.readLog();
    disowned = await clearTheWay(server, said, disowned);
    // Nothing to disown: the winner of a race has not opened its socket yet, or the dying still linger.
    if (!disowned) await sleep(clock, raceMs);
  }
  throw notReady(databaseDir);
}

/** Removes what kept our server from starting; answers whether a stale pid file was disowned, then or before. */
async function clearTheWay(server: Server, said: string, disowned: boolean): Promise<boolean> {
  const { databaseDir } = server.launch;
  if (blamesSocketLock(said)) {
    await removeSocketLock(server.socketDirectory);
    return disowned;
  }
  // The children of a server that was killed notice it within seconds, and hold its memory until then.
  if (blamesSharedMemory(said)) return false;
  if (blamesEmptyPidFile(said)) {
    await removeEmptyPidFile(databaseDir, server.clock.now());
    return false;
  }
  if (disowned || !blamesPidFile(said)) throw explainExit(said, databaseDir);
  return disownPidFile(databaseDir);
}

/** The server left behind by a killed process, or run by a living one; waits while it is still starting. */
async function joinRunning(server: Server): Promise<Reached | undefined> {
  const { clock, launch } = server;
  const deadline = clock.now() + startTimeoutMs;
  while (clock.now() < deadline) {
    const socketDirectory =
      (await readPostmasterFile(launch.databaseDir))?.socketDirectory ?? server.socketDirectory;
    const reach = await reachServer(socketDirectory, launch.databaseDir);
    if (reach === 'answers') {
      server.log.info('store.server_joined', { path: launch.databaseDir });
      return { socketDirectory };
    }
    if (reach === 'absent') return undefined;
    await sleep(clock, pollMs);
  }
  throw notReady(launch.databaseDir);
}

/** Whether our server became ready; `false` where it ended instead. */
async function untilReady({ clock, ...server }: Server, launched: Launched): Promise<boolean> {
  const { databaseDir } = server.launch;
  const deadline = clock.now() + startTimeoutMs;
  while (clock.now() < deadline) {
    if (launched.hasExited()) return false;
    // By its own word first: every connection that comes too early is a line in its log. What answers
    // could be another's server, while ours is about to find that it came second.
    const file = await readPostmasterFile(databaseDir);
    const isReady = file?.ready && file.pid === launched.pid;
    if (isReady && (await reachServer(file.socketDirectory, databaseDir)) === 'answers')
      return true;
    await sleep(clock, pollMs);
  }
  throw notReady(databaseDir);
}

function notReady(databaseDir: string): HeadraceError {
  return new HeadraceError('store_unavailable', {
    message: `The embedded PostgreSQL was not ready after ${startTimeoutMs / 1000} s.`,
    where: databaseDir,
    fix: "It may be recovering: wait, and read the database's log beside that directory.",
  });
}

/** Starts a server again that ended by itself, as after a full disk, for as long as this process needs it. */
async function supervise(server: Server, first: Launched, signal: AbortSignal): Promise<void> {
  let launched: Launched | undefined = first;
  for (
    let delayMs = pollMs;
    launched !== undefined;
    delayMs = Math.min(delayMs * 2, longestRetryMs)
  ) {
    await launched.exited.catch(() => undefined);
    if (signal.aborted) return;
    server.log.error('store.server_ended', { path: server.launch.databaseDir });
    try {
      await sleep(server.clock, delayMs, signal);
      launched = (await joinOrLaunch(server)).launched;
    } catch (error) {
      if (signal.aborted) return;
      server.log.error('store.server_not_started', errorFields(error));
    }
  }
}
