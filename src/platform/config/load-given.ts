import assert from 'node:assert/strict';
import { type HeadraceError, isHeadraceError } from '../errors/headrace-error.ts';
import type { CheckAccount } from './check-accounts.ts';
import type { Config, ConfigFlags } from './config.ts';
import { loadConfig } from './load-config.ts';
import type { Machine } from './machine.ts';

// What the tests of this folder load from: a machine that holds at most one file.

export interface Given {
  yaml?: string;
  env?: NodeJS.ProcessEnv;
  flags?: ConfigFlags;
  machine?: Partial<Machine>;
  checkAccount?: CheckAccount;
}

export function load({ yaml, env = {}, flags = {}, machine = {}, ...more }: Given = {}): Config {
  return loadConfig({
    ...more,
    env,
    flags,
    cwd: '/srv/app',
    machine: {
      isRoot: false,
      inContainer: false,
      home: '/home/an',
      readText: (path) => (path === '/srv/app/headrace.yaml' ? (yaml ?? null) : null),
      canWrite: () => true,
      ...machine,
    },
  });
}

export function failure(given: Given): HeadraceError {
  try {
    load(given);
  } catch (error) {
    assert.ok(isHeadraceError(error), String(error));
    return error;
  }
  assert.fail('the configuration was accepted');
}
