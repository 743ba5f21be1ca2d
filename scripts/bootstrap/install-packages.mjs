import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from './installed.mjs';
import { runNpm } from './run-npm.mjs';
import { say } from './say.mjs';
import { describeSize, packageSizes } from './sizes.mjs';
import { installInStage } from './stage.mjs';

/**
 * Installs what the lockfile asks for, unless it is there.
 * @param {string} root the checkout
 * @param {'run' | 'test'} mode `run` leaves out what only development needs
 */
export async function installPackages(root, mode) {
  const isDone = () => isInstalled(root, mode);
  if (isDone()) return;
  const fill = async (/** @type {string} */ stage) => {
    say(`downloading packages from the npm registry: ${describeSize(packageSizes[mode])}`);
    const begun = Date.now();
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      if (existsSync(join(root, file))) copyFileSync(join(root, file), join(stage, file));
    }
    await runNpm(['ci', mode === 'run' ? '--omit=dev' : '--include=dev'], stage);
    const place = join(root, 'node_modules');
    if (existsSync(place)) renameSync(place, join(stage, 'replaced'));
    renameSync(join(stage, 'node_modules'), place);
    say(`packages ready after ${Math.round((Date.now() - begun) / 1000)} s`);
  };
  await installInStage(root, { isDone, fill });
}
