import type { CliDeps } from './cli-deps.ts';
import { exitCodes } from './exit-codes.ts';
import { createScreen } from './screen.ts';

/** `headrace simulate`: the simulated vendors alone, with their accounts as headrace.yaml on standard output. */
export async function simulateProviders(
  deps: CliDeps,
  options: { port: number; seed: string; behave: boolean; faults: string },
): Promise<number> {
  const screen = createScreen(deps, { json: false });
  const simulator = await deps.startSimulator({
    port: options.port,
    seed: options.seed,
    kind: options.behave,
    faults: options.faults,
  });
  screen.note(
    `SIMULATED providers listen on ${simulator.url} (seed ${options.seed}, ${options.behave ? 'kind' : 'hostile'}). Their accounts:`,
  );
  screen.note(
    'They are on this machine: a Headrace that is to call them needs HEADRACE_UPSTREAM_ALLOW_CIDRS=127.0.0.0/8.',
  );
  screen.print(simulator.yaml);
  await new Promise<void>((resolve) => {
    deps.onInterrupt(() => resolve());
  });
  await simulator.close();
  return exitCodes.passed;
}
