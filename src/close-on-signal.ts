import type { RunningServer } from './cli/index.ts';

/** What a shell says of a process that a signal ended: 128 and the signal's number. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof exitCodes;
const signals = Object.keys(exitCodes) as Signal[];

/**
 * Starts a server that ends in order when a signal comes for which no command waits: while it starts, or
 * while a command that only asks something goes on. Else the process would be gone and its database would
 * run on with nobody to stop it. A second signal of the same kind ends the process at once.
 */
export async function closeOnSignal(start: () => Promise<RunningServer>): Promise<RunningServer> {
  let isEnding = false;
  const guards = signals.map((signal) => {
    const guard = () => {
      // A command that listens as well has more to do than to end.
      if (process.listenerCount(signal) > 0) return;
      isEnding = true;
      void close()
        .catch(() => undefined)
        .finally(() => process.exit(exitCodes[signal]));
    };
    process.once(signal, guard);
    return () => process.off(signal, guard);
  });
  const unguard = () => {
    for (const remove of guards) remove();
  };
  const starting = start();
  let closing: Promise<void> | null = null;
  const close = async () => {
    const server = await starting;
    closing ??= server.close();
    await closing;
  };
  try {
    const server = await starting;
    // Nobody begins anything on a server that is closing: the process ends behind it.
    if (isEnding) await new Promise(() => undefined);
    return { ...server, close: () => close().finally(unguard) };
  } catch (error) {
    unguard();
    throw error;
  }
}
