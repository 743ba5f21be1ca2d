import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const programs = ['/usr/bin/redis-server', '/usr/bin/valkey-server', '/usr/local/bin/redis-server'];

function findProgram(): string | undefined {
  return programs.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** For `{ skip }`: why tests that need a Redis cannot run here; `false` where they can. */
export const noRedis: string | false = findProgram()
  ? false
  : 'no redis-server on this machine (apt-get install redis-server)';

export interface RedisServer {
  url: string;
  /** Kills it without warning, as a crash would. */
  kill(): Promise<void>;
  /** A new one on the same port, with nothing in memory. */
  restart(): Promise<void>;
  /** Lets it hang, and go on. */
  freeze(): void;
  thaw(): void;
}

/** A Redis of its own on a loopback port, without persistence; killed when the test ends. */
export async function startRedis(t: {
  after(work: () => Promise<void>): void;
}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-redis.'));
  const first = await launchSomewhere(folder);
  const { port } = first;
  let { server } = first;
  t.after(async () => {
    await end(server);
    await rm(folder, { recursive: true, force: true });
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => end(server),
    async restart() {
      await end(server);
      server = await launch(folder, port);
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
  };
}

/**
 * Ports below 32768 are given out to nobody who asks for any: one of those that was free a moment ago, or
 * whose server is away, can be another test's by now.
 */
const ports = [10_000, 32_768] as const;
const mostTries = 20;

async function launchSomewhere(folder: string): Promise<{ server: ChildProcess; port: number }> {
  for (let tries = 1; ; tries += 1) {
    const port = randomInt(...ports);
    try {
      return { server: await launch(folder, port), port };
    } catch (error) {
      // Somebody else listens there.
      if (tries === mostTries) throw error;
    }
  }
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn(findProgram() ?? 'redis-server', ['--port', `${port}`, ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    let said = '';
    server.stdout?.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('Ready to accept connections')) resolve();
    });
  });
  return server;
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}
