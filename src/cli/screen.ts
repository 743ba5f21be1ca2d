import { createLogUpdate } from 'log-update';
import { createColors } from 'picocolors';
import type { CliDeps } from './cli-deps.ts';

/** What a command writes on; standard output carries results only, everything else is for standard error. */
export interface Screen {
  colors: ReturnType<typeof createColors>;
  /** A person watches and can be asked. */
  interactive: boolean;
  /** A line of progress or explanation, on standard error. */
  note(text: string): void;
  /** A result, on standard output. */
  print(text: string): void;
  /** Replaces the live picture. */
  redraw(text: string): void;
  /** Leaves the last picture where it is and writes on below it. */
  settle(): void;
  /** Draws nothing until `work` ends: a question and a picture cannot share the last lines. */
  hold<T>(work: () => Promise<T>): Promise<T>;
}

export function createScreen(deps: CliDeps, options: { json: boolean }): Screen {
  const interactive = Boolean(deps.stderr.isTTY && deps.stdin.isTTY) && !options.json;
  const colors = createColors(deps.color && Boolean(deps.stderr.isTTY));
  const live = interactive
    ? createLogUpdate(deps.stderr as NodeJS.WriteStream, { showCursor: true })
    : null;
  let drawn = false;
  let held = 0;
  const settle = () => {
    if (drawn) live?.done();
    drawn = false;
  };
  return {
    colors,
    interactive,
    note(text) {
      settle();
      deps.stderr.write(`${text}\n`);
    },
    print(text) {
      settle();
      deps.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    redraw(text) {
      if (held > 0) return;
      drawn = true;
      live?.(text);
    },
    settle,
    async hold(work) {
      held += 1;
      try {
        return await work();
      } finally {
        held -= 1;
      }
    },
  };
}
