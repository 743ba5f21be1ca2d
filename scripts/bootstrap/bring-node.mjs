import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './run-npm.mjs';
import { say } from './say.mjs';
import { SetupError } from './setup-error.mjs';
import { describeSize, nodeSize } from './sizes.mjs';
import { installInStage } from './stage.mjs';

const version = '24.21.0';

// Where a digest is pinned, npm refuses anything else; elsewhere it is the registry's own that is checked.
/** @type {Record<string, string | undefined>} */
const packages = {
  'linux-x64':
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'linux-arm64':
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  'darwin-x64': undefined,
  'darwin-arm64': undefined,
};

/**
 * Finds the Node.js in the checkout that an earlier start brought, or brings it.
 * @param {string} root the checkout
 * @returns {Promise<string>} the path of its executable
 */
export async function bringNode(root) {
  const platform = `${process.platform}-${process.arch}`;
  const place = join(root, '.headrace', `node-${version}-${platform}`);
  const executable = join(place, 'node_modules', `node-${platform}`, 'bin', 'node');
  if (existsSync(executable)) return executable;
  refuseUnknown(platform);
  const fill = async (/** @type {string} */ stage) => {
    say(
      `this is Node.js ${process.versions.node}, and 22.22 or newer is needed; downloading Node.js ${version} from the npm registry for this checkout: ${describeSize(nodeSize)}`,
    );
    describeNode(stage, platform);
    await runNpm(['ci'], stage);
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place);
    renameSync(join(stage, 'node_modules'), join(place, 'node_modules'));
  };
  await installInStage(root, { isDone: () => existsSync(executable), fill });
  return executable;
}

/** @param {string} platform */
function refuseUnknown(platform) {
  // The packages are built against glibc; on musl they would fail with "not found".
  /** @type {{ header?: { glibcVersionRuntime?: string } }} */
  const report = process.platform === 'linux' ? process.report.getReport() : {};
  const isMusl = process.platform === 'linux' && !report.header?.glibcVersionRuntime;
  if (Object.hasOwn(packages, platform) && !isMusl) return;
  throw new SetupError(
    'setup_node_unsuitable',
    `This is Node.js ${process.versions.node} and there is none to download for ${platform}${isMusl ? ' with musl' : ''}; install Node.js 22.22 or newer and start again.`,
  );
}

/**
 * A lockfile of one package, so that npm checks the digest and chooses no other version.
 * @param {string} stage
 * @param {string} platform
 */
function describeNode(stage, platform) {
  const name = `node-${platform}`;
  const integrity = packages[platform];
  const described = { name: 'headrace-node', version: '0.0.0', dependencies: { [name]: version } };
  const lockfile = {
    ...described,
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': described,
      [`node_modules/${name}`]: { version, ...(integrity ? { integrity } : {}) },
    },
  };
  writeFileSync(join(stage, 'package.json'), JSON.stringify({ private: true, ...described }));
  writeFileSync(join(stage, 'package-lock.json'), JSON.stringify(lockfile));
}
