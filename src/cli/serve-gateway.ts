import type { CliDeps } from './cli-deps.ts';
import { exitCodes } from './exit-codes.ts';
import { type GlobalOptions, serverFlags } from './options.ts';
import { createScreen } from './screen.ts';

export interface ServeOptions extends GlobalOptions {
  host?: string;
  port?: string;
  simulate?: boolean;
  behave?: boolean;
  faults?: string;
}

/** `headrace serve`: the gateway until it is told to stop. */
export async function serveGateway(deps: CliDeps, options: ServeOptions): Promise<number> {
  const screen = createScreen(deps, { json: false });
  const flags = { ...serverFlags(options), host: options.host, port: options.port };
  const setup = await deps.readSetup(flags);
  for (const warning of setup.warnings) screen.note(screen.colors.yellow(`warning: ${warning}`));
  const server = await deps.startServer({
    flags,
    simulate: options.simulate ? 'always' : 'never',
    behave: options.behave === true,
    faults: options.faults ?? '',
    private: false,
  });
  if (server.newKeyPath)
    screen.note(`The first admin key was made and written to ${server.newKeyPath}.`);
  if (server.simulated)
    screen.note(screen.colors.yellow('SIMULATED: simulated providers answer every call.'));
  else if (server.accounts.length === 0) {
    screen.note(
      'No provider account is configured: inference answers 503 no_accounts (--simulate to look around).',
    );
  }
  screen.note(`headrace ${deps.version} listens on ${server.url} (docs: ${server.url}/docs)`);
  const signal = await new Promise<string>((resolve) => {
    deps.onInterrupt(resolve);
  });
  screen.note(`${signal}: finishing what is in flight.`);
  await server.close();
  return exitCodes.passed;
}
