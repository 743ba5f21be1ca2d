import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../platform/clock.ts';

/** A gateway in this process, started because none was running. */
export interface RunningServer {
  url: string;
  adminKey: string;
  /** Where the first admin key was written just now, or `null`. */
  newKeyPath: string | null;
  /** The process in which it runs. */
  pid: number;
  accounts: readonly { id: string; provider: string; managedBy: string }[];
  simulated: boolean;
  /** Ends what is in flight within a grace and stops the database if this process started it. */
  close(): Promise<void>;
}

export interface ServerFlags {
  host?: string | undefined;
  port?: string | undefined;
  dataDir?: string | undefined;
  config?: string | undefined;
  logLevel?: string | undefined;
}

export interface ServerRequest {
  flags: ServerFlags;
  /** `never`: with no account inference is refused. `auto`: simulated where no account is configured or was added. `always`: simulated. */
  simulate: 'never' | 'auto' | 'always';
  /** The simulated providers, where they answer, damage nothing on purpose. */
  behave?: boolean;
  /** What goes wrong with the simulated providers besides, as `--faults` says it. */
  faults?: string;
  /** Only answers: who looks at something neither spends on a run that was interrupted nor fails it. */
  idle?: boolean;
  /** A private server for one command: any free port, logs to a file. */
  private: boolean;
  /** Where `auto` would simulate though an Ollama of this machine answers at `url`: whether to use that. */
  offerOllama?: (url: string) => Promise<boolean>;
}

/** What the configuration says, as far as a command needs it before a server runs. */
export interface Setup {
  dataDir: string;
  configFile: string | null;
  accounts: { id: string; provider: string; managedBy: string }[];
  warnings: string[];
}

export interface SimulatorHandle {
  url: string;
  /** The simulator's accounts as headrace.yaml. */
  yaml: string;
  close(): Promise<void>;
}

/** Everything the command line needs from the world. */
export interface CliDeps {
  /** Arguments after the program's name. */
  argv: readonly string[];
  version: string;
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable & { isTTY?: boolean; columns?: number; rows?: number };
  color: boolean;
  clock: Clock;
  /** `HEADRACE_URL`: a gateway elsewhere. */
  url: string | null;
  /** `HEADRACE_API_KEY`: the key for it. */
  apiKey: string | null;
  /** `VISUAL`, else `EDITOR`: what edits a plan. */
  editor: string | null;
  /** A variable of this command's environment. */
  readVariable(name: string): string | undefined;
  readSetup(flags: ServerFlags): Promise<Setup>;
  startServer(request: ServerRequest): Promise<RunningServer>;
  startSimulator(options: {
    port: number;
    seed: string;
    kind: boolean;
    faults: string;
  }): Promise<SimulatorHandle>;
  /** Calls `stop` at the first SIGINT, SIGTERM or SIGHUP; returns the way to stop listening. */
  onInterrupt(stop: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void): () => void;
}
