import { readFile, stat } from 'node:fs/promises';
import { HeadraceError } from '../../errors/headrace-error.ts';
import type { ServerUser } from './run-program.ts';

/**
 * PostgreSQL refuses to run as root: there it runs as the owner of an existing database, else as `postgres`,
 * else as `nobody`. `null` for an ordinary user, as whom it simply runs.
 */
export async function chooseServerUser(
  databaseDir: string,
  ownUid: number,
): Promise<ServerUser | null> {
  if (ownUid !== 0) return null;
  const users = parsePasswd(await readFile('/etc/passwd', 'utf8'));
  // A user added to the machine later must not lock out the one who owns the files.
  const owner = await stat(databaseDir).then(
    ({ uid }) => users.find((user) => user.uid === uid && uid !== 0),
    () => undefined,
  );
  const chosen =
    owner ??
    users.find(({ name }) => name === 'postgres') ??
    users.find(({ name }) => name === 'nobody');
  if (chosen !== undefined) return chosen;
  throw new HeadraceError('store_platform_unsupported', {
    message: 'PostgreSQL does not run as root, and there is no user `postgres` or `nobody` here.',
    fix: 'Add one of these users, start Headrace as an ordinary user, or set DATABASE_URL.',
  });
}

/** https://man7.org/linux/man-pages/man5/passwd.5.html: name:password:uid:gid:… */
export function parsePasswd(text: string): ServerUser[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    if (!name || !uid || !gid) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}
