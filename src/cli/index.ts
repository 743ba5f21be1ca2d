export type {
  CliDeps,
  RunningServer,
  ServerFlags,
  ServerRequest,
  Setup,
  SimulatorHandle,
} from './cli-deps.ts';
export { runCli } from './run-cli.ts';
