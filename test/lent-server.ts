// The keeper of one test run's server: writes its address, and ends with it when standard input does, which
// is when whoever started it stops it or is gone.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServerAt } from './server.ts';

const server = await startServerAt(await mkdtemp(join(tmpdir(), 'headrace-test-')));
process.stdout.write(`${server.url}\n`);
process.stdin.resume().once('close', () => server.stop());
