import { spawn } from 'node:child_process';

/** Who a program runs as; `null` where it runs as ourselves. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

export interface Program {
  file: string;
  args: readonly string[];
  user: ServerUser | null;
}

/** A clean environment: PG* variables or a library path of the person's would change what the programs do. */
export const programEnvironment = { LC_ALL: 'C', PATH: '/usr/bin:/bin' };

export const identityOf = (user: ServerUser | null) =>
  user === null ? {} : { uid: user.uid, gid: user.gid };

/** Runs a program to its end; rejects where it cannot be started at all. */
export function runProgram(program: Program): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program.file, program.args, {
      ...identityOf(program.user),
      // The caller's own folder may be closed to that user, and initdb then fails on its first step.
      cwd: '/',
      env: programEnvironment,
      // Ctrl-C must not cut a half-made database: the session is the program's own.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}
