import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HeadraceError } from './errors/headrace-error.ts';

/**
 * Writes a private file (mode 0600) that must appear whole or not at all, and only where there is none.
 * Makes its folder. Answers whether it was this call that placed it; throws `config_invalid` where this user
 * may not write there, `store_disk_full` without room.
 */
export async function placeFile(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    // Others may pass, not list: as root the database runs as another user, below the same folder.
    await mkdir(dirname(path), { recursive: true, mode: 0o711 });
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      // Unsynced, a power cut can leave the name with nothing in it.
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Unlike a rename, a link never replaces what another process has placed meanwhile.
    await link(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === 'ENOSPC')
      throw new HeadraceError('store_disk_full', { where: path, cause: error });
    throw new HeadraceError('config_invalid', {
      message: `A file of the data directory cannot be written (${code}).`,
      where: path,
      fix: 'Set HEADRACE_DATA_DIR to a directory that this user may write.',
      cause: error,
    });
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
