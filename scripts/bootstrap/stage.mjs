import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './say.mjs';
import { withLock } from './with-lock.mjs';

const prefix = 'setting-up-';

/**
 * Runs `fill` with an empty folder beside the place of what is to be installed, under the checkout's
 * lock. What it makes is moved into place by one rename, so nobody ever sees half of it; what a crash
 * left behind is removed.
 * @param {string} root the checkout
 * @param {{ isDone: () => boolean, fill: (stage: string) => Promise<void> }} steps
 */
export async function installInStage(root, { isDone, fill }) {
  const own = join(root, '.headrace');
  mkdirSync(own, { recursive: true });
  const work = async () => {
    if (isDone()) return;
    for (const name of readdirSync(own)) {
      if (name.startsWith(prefix)) rmSync(join(own, name), { recursive: true, force: true });
    }
    const stage = mkdtempSync(join(own, prefix));
    const clear = () => rmSync(stage, { recursive: true, force: true });
    process.once('exit', clear);
    try {
      await fill(stage);
    } finally {
      process.removeListener('exit', clear);
      clear();
    }
  };
  const onWait = () => say('another start is setting this checkout up; waiting for it');
  await withLock(join(own, 'lock'), { work, onWait });
}
