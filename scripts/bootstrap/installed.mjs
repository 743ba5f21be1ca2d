import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ version?: string, dev?: boolean, devOptional?: boolean, optional?: boolean, peer?: boolean,
 *   os?: string[], cpu?: string[], libc?: string[] }} LockEntry
 */

/**
 * Whether node_modules holds what the lockfile asks for in this mode. npm writes its own record of what
 * it installed as its last step, so an install by hand counts, and one that broke off does not.
 * @param {string} root the checkout
 * @param {'run' | 'test'} mode
 */
export function isInstalled(root, mode) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || present === undefined) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || !isNeeded(entry, mode)) continue;
    const found = present[path];
    if (!found || found.version !== entry.version) return false;
    // One look at what is most likely to be lost: a folder that someone removed by hand.
    if (!entry.dev && !entry.optional && !existsSync(join(root, path, 'package.json')))
      return false;
  }
  return true;
}

/**
 * @param {string} path
 * @returns {Record<string, LockEntry> | undefined}
 */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * @param {LockEntry} entry
 * @param {'run' | 'test'} mode
 */
function isNeeded(entry, mode) {
  if (mode === 'run' && (entry.dev || entry.devOptional)) return false;
  if (entry.peer && entry.optional) return false;
  if (!entry.optional) return true;
  // An optional package is one per platform. Those that name a C library are left to npm to judge.
  const here = entry.os?.includes(process.platform) && entry.cpu?.includes(process.arch);
  return Boolean(here) && entry.libc === undefined;
}
