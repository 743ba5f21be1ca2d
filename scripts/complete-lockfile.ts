import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// `npm ci` refuses a lockfile that lacks an optional package of any platform, and npm leaves out those
// that the registry at hand did not have when the lockfile was made. Their versions are pinned by the
// package that names them, so their entries can be written without asking: run this after `npm install`.

interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface Lockfile {
  packages: Record<string, LockEntry>;
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Adds what is missing to `lockfile` and returns the names that were added. */
export function completeLockfile(lockfile: Lockfile): string[] {
  const added: string[] = [];
  for (const [owner, entry] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      if (lockfile.packages[path] || lockfile.packages[`${owner}/${path}`]) continue;
      lockfile.packages[path] = describePackage(name, version, entry.dev === true);
      added.push(name);
    }
  }
  const ordered = Object.entries(lockfile.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lockfile.packages = Object.fromEntries(ordered);
  return added;
}

function describePackage(name: string, version: string, dev: boolean): LockEntry {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  // Without both, npm would try to install it everywhere; and a range is no version.
  if (os.length !== 1 || cpu.length !== 1 || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(
      `${name}@${version} does not say its platform and version: add it to package-lock.json by hand`,
    );
  }
  const musl = words.includes('musl');
  return {
    version,
    cpu,
    ...(dev ? { dev } : {}),
    ...(musl ? { libc: ['musl'] } : {}),
    optional: true,
    os,
  };
}

if (import.meta.main) {
  const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const lockfile = JSON.parse(readFileSync(path, 'utf8')) as Lockfile;
  const added = completeLockfile(lockfile);
  if (added.length > 0) writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
  console.log(`${added.length} entries added to package-lock.json`);
}
