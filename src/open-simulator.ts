import { CliError } from './cli/index.ts';

export interface SimulatorRequest {
  /** 0 or left out: any free port. */
  port?: number;
  seed?: string;
  /** Nothing goes wrong on purpose, but for what `faults` says. */
  kind: boolean;
  /** What `--faults` says; empty: nothing. */
  faults: string;
}

/** The simulated providers, with the faults that were asked for. Throws `usage`. */
export async function openSimulator({ faults, kind, ...place }: SimulatorRequest) {
  const { hostilities, readFaults, startSimulator } = await import('../simulator/index.ts');
  if (faults === '') return startSimulator({ ...place, kind });
  const read = readFaults(faults);
  if ('problem' in read) {
    throw new CliError('usage', {
      message: read.problem,
      where: '--faults',
      fix: 'Such as --faults rate_limited=0.2,hang=0.05,revoked=openai-a',
    });
  }
  const usual = kind ? hostilities.none : hostilities.full;
  // A damage by its name is the only one there is: beside the usual shares it would come a quarter of the time.
  const damage = 'only' in read.damage ? read.damage : { ...usual, ...read.damage };
  return startSimulator({ ...place, faults: read.faults, damage });
}
