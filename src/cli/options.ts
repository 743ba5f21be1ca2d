import type { ServerFlags } from './cli-deps.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  config?: string;
  dataDir?: string;
  logLevel?: string;
  json?: boolean;
}

export interface RunOptions extends GlobalOptions {
  models?: string[];
  orchestrator?: string;
  clarify?: 'ask' | 'auto' | 'off';
  approve?: 'ask' | 'auto';
  panel?: number;
  rework?: number;
  budgetUsd?: number;
  budgetTokens?: number;
  timeout?: number;
  lane?: string;
  attach?: string[];
  out?: string;
  yes?: boolean;
  simulate?: boolean;
  behave?: boolean;
  faults?: string;
}

export function serverFlags(options: GlobalOptions): ServerFlags {
  return { config: options.config, dataDir: options.dataDir, logLevel: options.logLevel };
}
