export type {
  CliDeps,
  RunningServer,
  ServerFlags,
  ServerRequest,
  Setup,
  SimulatorHandle,
} from './cli-deps.ts';
export { CliError } from './cli-error.ts';
export { runCli } from './run-cli.ts';
