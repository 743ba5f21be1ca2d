import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

// Nothing is asked, nothing is advertised, nothing runs that a package brought along; and without a
// network npm gives up in seconds rather than minutes.
const quiet = [
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--loglevel=error',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=4000',
];

/**
 * Runs npm in `folder`, with the npm that started us where there is one, under that npm's own Node.
 * @param {string[]} command for example `['ci', '--omit=dev']`
 * @param {string} folder holds package.json and package-lock.json
 */
export async function runNpm(command, folder) {
  const { program, before } = findNpm();
  // The prefix is named because npm passes its own down through the environment.
  const args = [...before, ...command, `--prefix=${folder}`, ...quiet];
  // Its output is kept from standard output, which belongs to the command that was asked for.
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = () => child.kill();
  process.once('exit', stop);
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    complaint = (complaint + text).slice(0, 20_000);
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  })
    .catch((cause) => {
      const message = 'npm is not on the PATH; install it beside Node.js and start again.';
      throw new SetupError('setup_npm_missing', message, { cause });
    })
    .finally(() => process.removeListener('exit', stop));
  if (code !== 0) throw explain(complaint);
}

function findNpm() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const isNpm = script !== undefined && /npm-cli\.js$/.test(script);
  return isNpm && node ? { program: node, before: [script] } : { program: 'npm', before: [] };
}

/** @param {string} complaint what npm wrote on standard error */
function explain(complaint) {
  const lines = complaint.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  const code = lines.find((line) => line.startsWith('code '))?.slice(5) ?? 'unknown';
  const reason = (
    lines.find((line) => line !== '' && !/^(code|errno|syscall|path) /.test(line)) ??
    'no reason given'
  ).slice(0, 300);
  if (
    /^(ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH|FETCH_ERROR|ENOTCACHED)$/.test(
      code,
    )
  ) {
    return new SetupError(
      'setup_no_network',
      `The npm registry cannot be reached (${code}); connect to the network, or set npm's registry or proxy, and start again.`,
    );
  }
  if (code === 'ENOSPC') {
    return new SetupError('setup_disk_full', 'The disk is full; free some space and start again.');
  }
  return new SetupError(
    'setup_download_failed',
    `npm could not bring the packages (${code}: ${reason}); mend that and start again.`,
  );
}
