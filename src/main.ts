import { realpathSync } from 'node:fs';
import manifest from '../package.json' with { type: 'json' };
import { type CliDeps, runCli, type ServerFlags, type Setup } from './cli/index.ts';
import { closeOnSignal } from './close-on-signal.ts';
import { checkModelClasses } from './dispatch/index.ts';
import { openSimulator } from './open-simulator.ts';
import { systemClock } from './platform/clock.ts';
import type { Config } from './platform/config/config.ts';
import { loadConfig } from './platform/config/load-config.ts';
import { startServer } from './start-server.ts';

/** The `headrace` program: the command line with this process's streams, environment and signals. */
export function runHeadrace(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const readConfig = (flags: ServerFlags): Config =>
    loadConfig({ env, cwd: process.cwd(), flags, checkAccount: checkModelClasses });
  const deps: CliDeps = {
    argv,
    version: manifest.version,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    // https://no-color.org: set and not empty.
    color: !env['NO_COLOR'],
    clock: systemClock,
    url: env['HEADRACE_URL'] || null,
    apiKey: env['HEADRACE_API_KEY'] || env['HEADRACE_ADMIN_KEY'] || null,
    editor: env['VISUAL'] || env['EDITOR'] || null,
    readVariable: (name) => env[name],
    readSetup: async (flags) => readSetup(readConfig(flags)),
    startServer: (request) => closeOnSignal(() => startServer(readConfig(request.flags), request)),
    async startSimulator(request) {
      const { describeAccounts } = await import('../simulator/index.ts');
      const simulator = await openSimulator(request);
      return { url: simulator.url, yaml: describeAccounts(simulator), close: simulator.close };
    },
    onInterrupt,
  };
  return runCli(deps);
}

function readSetup(config: Config): Setup {
  return {
    dataDir: config.dataDir,
    configFile: config.configFile,
    accounts: config.accounts.map(({ id, provider, managedBy }) => ({ id, provider, managedBy })),
    warnings: config.warnings.map(({ where, message }) => `${where}: ${message}`),
  };
}

/**
 * The first signal asks for an orderly end; a second one of the same kind ends the process at once. A
 * closed terminal counts too, or it would leave the database running with nobody to stop it.
 */
function onInterrupt(stop: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const handlers = signals.map((signal) => {
    const handle = () => stop(signal);
    process.once(signal, handle);
    return () => process.off(signal, handle);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}

/** A reader that has read enough (`| head`) is a closed terminal too, not an error of ours. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.emit('SIGHUP');
    });
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) {
  outliveReaders();
  process.exitCode = await runHeadrace(process.argv.slice(2), process.env);
}
