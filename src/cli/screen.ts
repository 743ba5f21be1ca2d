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
}

export function createScreen(deps: CliDeps, options: { json: boolean }): Screen {
  const interactive = Boolean(deps.stderr.isTTY && deps.stdin.isTTY) && !options.json;
  const colors = createColors(deps.color && Boolean(deps.stderr.isTTY));
  const live = interactive
    ? createLogUpdate(deps.stderr as NodeJS.WriteStream, { showCursor: true })
    : null;
  let drawn = false;
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
      drawn = true;
      live?.(text);
    },
    settle,
  };
}
