import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Tally } from './run-tests.ts';

// Through this Node and not through npm: each script of npm would cost half a second.
const guards: [name: string, program: string, ...args: string[]][] = [
  ['style', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit'],
  ['doors', 'scripts/check-doors.ts'],
  ['shape', 'scripts/check-shape.ts'],
  ['unused', 'node_modules/knip/bin/knip.js'],
];

/** Runs the guards of the design, two at a time, and shows what those that fail have to say. */
export async function runGuards(root: string): Promise<Tally> {
  const waiting = [...guards];
  const tally = { passed: 0, failed: 0 };
  const work = async () => {
    for (let guard = waiting.shift(); guard; guard = waiting.shift()) {
      const [name, program, ...args] = guard;
      const { code, output, ms } = await runProgram(join(root, program), args);
      tally[code === 0 ? 'passed' : 'failed'] += 1;
      console.log(`${code === 0 ? '✔' : '✖'} guard: ${name} (${Math.round(ms)}ms)`);
      if (code !== 0) console.log(output);
    }
  };
  await Promise.all([work(), work()]);
  return tally;
}

function runProgram(
  program: string,
  args: string[],
): Promise<{ code: number | null; output: string; ms: number }> {
  const begun = performance.now();
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output, ms: performance.now() - begun }));
  });
}
