import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, open, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { eventually } from '../../../../test/eventually.ts';
import { isHeadraceError } from '../../errors/headrace-error.ts';
import { silentLog } from '../../log.ts';
import { migrateStore } from '../migrate-store.ts';
import { savePayload } from '../payloads.ts';
import { openStore } from '../postgres-store.ts';
import type { Store } from '../store.ts';
import { startEmbeddedPostgres } from './start-embedded-postgres.ts';

/** Why no small disk can be made here, or `false`. */
function cannotMount(): string | false {
  if (process.getuid?.() !== 0) return 'a small disk is mounted by root only';
  if (process.platform !== 'linux') return 'mounts a tmpfs of Linux';
  return false;
}

/** How to end what runs on a disk, which must come before the disk's own end. */
const startedHere = new Map<string, () => Promise<unknown>>();

async function smallDisk(t: TestContext, mebibytes: number): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'headrace-disk-'));
  try {
    const options = `size=${mebibytes}m,mode=0755`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory], { stdio: 'pipe' });
  } catch {
    await rm(directory, { recursive: true });
    t.skip('this root may not mount');
    return '';
  }
  t.after(async () => {
    await startedHere.get(directory)?.();
    // Lazily: a server that just ended may still have a file open.
    execFileSync('umount', ['-l', directory]);
    await rm(directory, { recursive: true });
  });
  return directory;
}

test('a first start without room says so and takes its half-made files away', {
  skip: cannotMount(),
}, async (t) => {
  const dataDir = await smallDisk(t, 24);
  if (dataDir === '') return;
  const attempt = startEmbeddedPostgres({ dataDir, log: silentLog });
  await assert.rejects(attempt, { code: 'store_disk_full' });
  assert.deepEqual(await readdir(dataDir), []);
});

test('on a full disk writes are refused, nothing accepted is lost, and room heals it', {
  skip: cannotMount(),
}, async (t) => {
  const dataDir = await smallDisk(t, 160);
  if (dataDir === '') return;
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
  await migrateStore({ url: server.url, log: silentLog });
  const store = await openStore({ url: server.url, log: silentLog });
  startedHere.set(dataDir, () => store.close().then(server.stop));
  const filler = join(dataDir, 'filler');
  await fill(filler, dataDir);
  const accepted: string[] = [];
  const refusal = await saveUntilRefused(store, accepted);
  assert.ok(isHeadraceError(refusal), String(refusal));
  assert.equal(refusal.code, 'store_disk_full');
  await rm(filler);
  const later = await eventually(() => save(store));
  const stored = await store.transaction('system', (tx) =>
    tx.query<{ id: string }>('SELECT id FROM payloads WHERE id = ANY($1)', [[...accepted, later]]),
  );
  assert.equal(stored.length, accepted.length + 1);
});

/** Leaves about 12 MiB free. */
async function fill(path: string, disk: string): Promise<void> {
  const handle = await open(path, 'w');
  const chunk = Buffer.alloc(1024 * 1024);
  for (;;) {
    const { bavail, bsize } = await statfs(disk);
    if (bavail * bsize < 13 * chunk.length) break;
    await handle.write(chunk);
  }
  await handle.close();
}

const content = Buffer.alloc(200_000, 'x');
const save = (store: Store) =>
  store.transaction('system', (tx) =>
    savePayload(tx, 'default', { mediaType: 'text/plain', content }),
  );

async function saveUntilRefused(store: Store, accepted: string[]): Promise<unknown> {
  for (;;) {
    try {
      accepted.push(await save(store));
    } catch (error) {
      return error;
    }
  }
}
