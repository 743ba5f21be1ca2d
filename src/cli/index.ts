export type {
  CliDeps,
  RunningServer,
  ServerFlags,
  ServerRequest,
  Setup,
  SimulatorHandle,
} from './cli-deps.ts';
export { explainError } from './cli-error.ts';
export { runCli } from './run-cli.ts';
