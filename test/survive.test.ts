import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

const root = join(import.meta.dirname, '..');
const brief = `Write a report for the council on night trains.

- The present state: lines, stations, passengers
- The cost: investment, operation, tickets
- Risks and what to do about them`;

/** The commands that the page tells a person to type, without their comments. */
function readCommands(): string[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, block = ''] = /### Watch it survive\n\n```sh\n([\s\S]*?)```/.exec(readme) ?? [];
  return block
    .trim()
    .split('\n')
    .map((line) => line.replace(/ {2,}#.*$/, ''));
}

const briefIn = (dataDir: string) => join(dataDir, 'brief.md');

interface Typed {
  child: ChildProcess;
  /** Standard error so far. */
  told(): string;
  /** Resolves once standard error has it; rejects where the command ends before. */
  until(pattern: RegExp): Promise<void>;
  ended: Promise<number | null>;
}

function typeCommand(command: string, dataDir: string): Typed {
  const [program, ...words] = command.split(' ');
  assert.equal(program, './headrace');
  const args = words.map((word) => (word === 'BRIEF' ? briefIn(dataDir) : word));
  const child = spawn(process.execPath, [join(root, 'src', 'main.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: dataDir, HEADRACE_DATA_DIR: dataDir },
  });
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    told: () => text,
    ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(text)) resolve();
        };
        child.stderr?.on('data', look);
        void ended.then(() => reject(new Error(`It ended before ${pattern}:\n${text}`)));
        look();
      }),
  };
}

async function openDataDir(t: TestContext): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'headrace-survive-'));
  t.after(async () => {
    endDatabase(dataDir, 'SIGQUIT');
    await rm(dataDir, { recursive: true, force: true });
  });
  return dataDir;
}

/** Answers whether there was one to end. */
function endDatabase(dataDir: string, signal: NodeJS.Signals): boolean {
  try {
    const pidFile = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
    return process.kill(Number(pidFile.split('\n')[0]), signal);
  } catch {
    // It has stopped with the command that used it last.
    return false;
  }
}

const callsOf = (told: string, task: string) =>
  told.slice(0, told.indexOf('run is merging')).split(`${task} calls `).length;

for (const database of [false, true]) {
  test(`what the page shows happens: a run survives kill -9${database ? ', of the database too' : ''}`, {
    timeout: 180_000,
  }, async (t) => {
    const dataDir = await openDataDir(t);
    const [run = '', kill = '', resume = ''] = readCommands();
    await writeFile(briefIn(dataDir), brief);
    const first = typeCommand(run.replace(/examples\/\S+/, 'BRIEF'), dataDir);
    t.after(() => first.child.kill('SIGKILL'));
    // Two answers are there, and a call has just begun.
    await first.until(/ done, [\s\S]* done, [\s\S]* calls [^\n]*\n$/);
    const [, id = '', pid = ''] = /^run (run_\S+) in process (\d+)$/m.exec(first.told()) ?? [];
    assert.equal(kill, 'kill -9 PID');
    process.kill(Number(pid), 'SIGKILL');
    await first.ended;
    if (database) assert.ok(endDatabase(dataDir, 'SIGKILL'), 'it outlived its process');

    const second = typeCommand(resume.replace('RUN', id), dataDir);
    t.after(() => second.child.kill('SIGKILL'));
    const code = await second.ended;
    assert.ok(code === 0 || code === 3, `code ${code}: ${second.told()}`);
    assert.match(second.told(), /attempt unknown: its process ended before the answer came/);
    assert.match(
      second.told(),
      /an upper bound: \d+ calls? whose usage nobody told counts? with the whole/,
    );
    for (const [, task = ''] of first.told().matchAll(/\] (t\d+ ".*") done, /g)) {
      assert.equal(callsOf(second.told(), task), callsOf(first.told(), task), `${task} once`);
    }
  });
}

test('a reader that has read enough ends the run in order, and the database with it', {
  timeout: 180_000,
}, async (t) => {
  const dataDir = await openDataDir(t);
  await writeFile(briefIn(dataDir), brief);
  const run = typeCommand('./headrace run BRIEF --simulate', dataDir);
  t.after(() => run.child.kill('SIGKILL'));
  await run.until(/accepted/);
  run.child.stderr?.destroy();
  assert.equal(await run.ended, 130);
  assert.equal(existsSync(join(dataDir, 'postgres', 'postmaster.pid')), false);
});
