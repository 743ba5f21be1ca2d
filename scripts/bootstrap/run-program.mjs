import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { pathToFileURL } from 'node:url';

/** @type {NodeJS.Signals[]} */
const forwarded = ['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];

/**
 * Runs a program of the checkout in this very process.
 * @param {string} program path of a TypeScript file
 * @param {string[]} args
 */
export async function runHere(program, args) {
  process.argv = [process.execPath, program, ...args];
  await import(pathToFileURL(program).href);
}

/**
 * Runs a program of the checkout under another Node.js, as if that had been started.
 * @param {string} node path of its executable
 * @param {string[]} args the program's path and its arguments
 * @returns {Promise<number>} the exit code; 128 + the signal's number where a signal ended it
 */
export function runUnder(node, args) {
  // The flags of this process (the launcher bounds the young generation) hold for the program too.
  const child = spawn(node, [...process.execArgv, ...args], { stdio: 'inherit' });
  // On a terminal Ctrl-C reaches the whole group; a second SIGINT from here would read as impatience.
  const onTerminal = Boolean(process.stdin.isTTY || process.stderr.isTTY || process.stdout.isTTY);
  process.on('SIGINT', () => onTerminal || child.kill('SIGINT'));
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)),
    );
  });
}
