import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '../test/eventually.ts';

/** Sends the signal as soon as the database of a starting command runs; answers how the command ended. */
async function endWhileStarting(
  t: TestContext,
  { args, signal }: { args: string[]; signal: NodeJS.Signals },
): Promise<{ code: number | null; leftRunning: boolean }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'headrace-signal-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { HOME: dataDir, HEADRACE_DATA_DIR: dataDir },
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
  await eventually(() => assert.ok(existsSync(pidFile)));
  child.kill(signal);
  return { code: await ended, leftRunning: existsSync(pidFile) };
}

test('a server that is told to end while it starts leaves no database running', async (t) => {
  const args = ['serve', '--port', '0', '--simulate'];
  const { code, leftRunning } = await endWhileStarting(t, { args, signal: 'SIGTERM' });
  assert.equal(leftRunning, false);
  assert.ok(code === 143 || code === 0, `${code}: 0 where it had just begun to serve`);
});

test('nor does a command that only asks something', async (t) => {
  const args = ['runs', 'list'];
  const { code, leftRunning } = await endWhileStarting(t, { args, signal: 'SIGINT' });
  assert.equal(leftRunning, false);
  assert.ok(code === 130 || code === 0, `${code}: 0 where it had its answer already`);
});
