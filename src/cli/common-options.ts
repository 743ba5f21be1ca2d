import type { Command } from 'commander';

/** What a command does, as commander calls it: its arguments, then its options; answers the exit code. */
export type Act = (...values: never[]) => Promise<number>;

/** Makes an action of a command out of what it does, and reports its exit code. */
export type Wrap = (work: Act) => (...values: unknown[]) => Promise<void>;

/** What `--behave` says of itself. */
export const behave = 'simulated providers damage no plan, answer, verdict or question on purpose';

/** What `--faults` says of itself. */
export const faults =
  'how often which fault of simulated providers, such as rate_limited=0.2,hang=0.05';

export function withCommon(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (HEADRACE_CONFIG)')
    .option('--data-dir <dir>', 'data directory (HEADRACE_DATA_DIR)')
    .option('--log-level <level>', 'debug, info, warn or error')
    .option('--json', 'one JSON document on standard output');
}
