import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bringNode } from './bring-node.mjs';
import { installPackages } from './install-packages.mjs';
import { runHere, runUnder } from './run-program.mjs';
import { say } from './say.mjs';
import { setupErrorOf } from './setup-error.mjs';
import { isSuitableNode } from './suitable-node.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const programs = { run: join(root, 'src', 'main.ts'), test: join(root, 'scripts', 'test.ts') };

/**
 * Sets up what is missing and runs the program of this mode.
 * @param {'run' | 'test'} mode
 * @param {string[]} args
 */
export async function start(mode, args) {
  let node;
  try {
    node = isSuitableNode() ? undefined : await bringNode(root);
    await installPackages(root, mode);
  } catch (error) {
    const { code, message } = setupErrorOf(error, root);
    say(`${message} [${code}]`);
    process.exitCode = 1;
    return;
  }
  const program = programs[mode];
  // In this process where it can be: a second one would cost its start and stand between the signals.
  if (node === undefined) await runHere(program, args);
  else process.exitCode = await runUnder(node, [program, ...args]);
}
