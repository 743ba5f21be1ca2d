import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { askPerson } from './ask-person.ts';
import type { CliDeps } from './cli-deps.ts';
import { CliError } from './cli-error.ts';

/** A text in a file of its own, readable by this user alone, which a person edits once or several times. */
export interface EditedFile {
  path: string;
  /** Puts `text` into the file, lets the person edit it, and answers what stands there then. */
  edit(text: string): Promise<string>;
  remove(): Promise<void>;
}

export async function openEditedFile(deps: CliDeps, name: string): Promise<EditedFile> {
  const path = join(await mkdtemp(join(tmpdir(), 'headrace-')), name);
  return {
    path,
    async edit(text) {
      await writeFile(path, text, { mode: 0o600 });
      await letEdit(deps, path);
      return readFile(path, 'utf8').catch(() => '');
    },
    remove: () => rm(dirname(path), { recursive: true, force: true }),
  };
}

/** Without an editor to start, any program in another window will do. */
async function letEdit(deps: CliDeps, path: string): Promise<void> {
  if (deps.editor !== null) return runEditor(deps.editor, path);
  const words = `Neither VISUAL nor EDITOR names an editor.\n  Edit ${path} in another window, save it, and press Enter here. `;
  await askPerson(deps, words);
}

/** An editor's setting may carry options (`code --wait`), so a shell reads it, as git does it. */
function runEditor(editor: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Standard output may be a pipe that waits for the result: the editor gets standard error's terminal.
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: [0, 2, 2] });
    const fail = (reason: string) =>
      reject(
        new CliError('usage', {
          message: `The editor "${editor}" ${reason}.`,
          fix: 'Set VISUAL or EDITOR to an editor that waits until the file is closed, such as nano or "code --wait".',
        }),
      );
    child.once('error', (error) => fail(`cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else fail(signal ? `was ended by ${signal}` : `ended with code ${code}`);
    });
  });
}
