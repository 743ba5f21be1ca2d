import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

const program = `
const said: string[] = process.argv.slice(2);
if (said[0] === 'wait') {
  process.on('SIGTERM', () => process.exit(9));
  process.stdout.write('ready');
  setInterval(() => undefined, 1000);
} else if (said[0] === 'die') process.kill(process.pid, 'SIGKILL');
else {
  console.log(JSON.stringify({ said, cwd: process.cwd(), entry: process.argv[1] }));
  process.exitCode = Number(said[1] ?? 0);
}
`;

// Does what npm would: fills node_modules of the prefix, with a Node that is this test's own.
const npm = `#!/bin/sh
for arg in "$@"; do case $arg in --prefix=*) prefix=\${arg#--prefix=} ;; esac; done
echo "$@" >> "$NPM_CALLS"
echo 'added 1 package'
[ -z "$NPM_FAILS" ] || { echo "npm error code $NPM_FAILS" >&2; exit 1; }
mkdir -p "$prefix/node_modules"
cp "$prefix/package-lock.json" "$prefix/node_modules/.package-lock.json"
grep -q headrace-node "$prefix/package.json" || exit 0
bin="$prefix/node_modules/node-${process.platform}-${process.arch}/bin"
mkdir -p "$bin"
printf '#!/bin/sh\\nunset NODE_OPTIONS\\nexec "%s" "$@"\\n' "${process.execPath}" > "$bin/node"
chmod +x "$bin/node"
`;

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** A checkout of 120 characters with a space in it, with an npm that brings next to nothing. */
function plant(t: TestContext) {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'headrace-start-')));
  const root = join(base, 'a b').padEnd(120, 'x');
  t.after(() => {
    // A test may have taken the right to write away.
    chmodSync(root, 0o755);
    rmSync(base, { recursive: true, force: true });
  });
  for (const path of ['headrace', 'scripts/bootstrap.mjs', 'scripts/bootstrap']) {
    cpSync(join(checkout, path), join(root, path), { recursive: true });
  }
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src/main.ts'), program);
  writeFileSync(join(root, 'package.json'), '{ "name": "planted", "type": "module" }');
  writeFileSync(join(root, 'package-lock.json'), '{ "packages": { "": {} } }');
  const bin = join(base, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  writeFileSync(join(bin, 'npm'), npm);
  chmodSync(join(bin, 'npm'), 0o755);
  const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: base, NPM_CALLS: join(base, 'calls') };
  return { base, bin, root, env, launcher: join(root, 'headrace') };
}

function launch(
  file: string,
  args: string[],
  options: { env: NodeJS.ProcessEnv; cwd?: string },
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

// Without its type stripper a Node is as unsuitable as an old one.
const unsuitable = { NODE_OPTIONS: '--no-strip-types' };

test('a first start says what it downloads, and keeps standard output for the command', async (t) => {
  const { root, env, launcher, base } = plant(t);
  const first = await launch(launcher, ['a b', '3'], { env, cwd: base });
  assert.equal(first.code, 3);
  const entry = join(root, 'src/main.ts');
  assert.deepEqual(JSON.parse(first.stdout), { said: ['a b', '3'], cwd: base, entry });
  assert.match(
    first.stderr,
    /^headrace: downloading packages .* about \d+ MB \(\d+ MB on disk\)\nheadrace: packages ready/,
  );
  const second = await launch(launcher, [], { env });
  assert.deepEqual([second.code, second.stderr], [0, '']);
});

test('the launcher finds its checkout through links, from anywhere', async (t) => {
  const { base, env, launcher } = plant(t);
  symlinkSync(launcher, join(base, 'absolute'));
  mkdirSync(join(base, 'other'));
  symlinkSync('../absolute', join(base, 'other/relative'));
  const { code, stdout } = await launch(join(base, 'other/relative'), ['x'], { env, cwd: '/' });
  assert.deepEqual([code, JSON.parse(stdout).cwd], [0, '/']);
});

test('an unsuitable Node brings a suitable one, and passes on its exit code', async (t) => {
  const { root, env, launcher } = plant(t);
  const options = { env: { ...env, ...unsuitable } };
  const first = await launch(launcher, ['x', '4'], options);
  assert.equal(first.code, 4, first.stderr);
  assert.match(
    first.stderr,
    /22\.22 or newer is needed; downloading Node\.js 24\.\d+\.\d+ .* about \d+ MB/,
  );
  assert.ok(existsSync(join(root, '.headrace')));
  assert.equal((await launch(launcher, ['die'], options)).code, 128 + 9);
});

test('a signal to the launcher reaches the program under the Node that was brought', async (t) => {
  const { env, launcher } = plant(t);
  const child = spawn(launcher, ['wait'], {
    env: { ...env, ...unsuitable },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [9, null]);
});

test('starts that come together set up once', async (t) => {
  const { env, launcher, base } = plant(t);
  const outcomes = await Promise.all(
    [1, 2, 3].map((n) => launch(launcher, [`${n}`], { env, cwd: base })),
  );
  assert.deepEqual(
    outcomes.map(({ code }) => code),
    [0, 0, 0],
  );
  const downloads = outcomes.filter(({ stderr }) => stderr.includes('downloading'));
  assert.equal(downloads.length, 1);
});

test('what stops a set-up is one sentence with a code, and no stack', async (t) => {
  const { env, launcher, root, bin } = plant(t);
  const failing = async (extra: NodeJS.ProcessEnv) => {
    const { code, stdout, stderr } = await launch(launcher, ['x'], { env: { ...env, ...extra } });
    assert.deepEqual([code, stdout], [1, '']);
    assert.doesNotMatch(stderr, /\n\s+at /);
    return stderr.trimEnd().split('\n').at(-1) ?? '';
  };
  assert.match(
    await failing({ NPM_FAILS: 'ENOTFOUND' }),
    /^headrace: The npm registry cannot .* \[setup_no_network\]$/,
  );
  assert.match(await failing({ NPM_FAILS: 'EINTEGRITY' }), /\[setup_download_failed\]$/);
  rmSync(join(bin, 'npm'));
  const alone = join(dirname(bin), 'alone');
  mkdirSync(alone);
  for (const tool of ['sh', 'readlink', 'dirname'])
    symlinkSync(realpathSync(`/bin/${tool}`), join(alone, tool));
  assert.match(
    await failing({ PATH: alone }),
    /Node\.js is not on the PATH.*\[setup_node_unsuitable\]$/,
  );
  symlinkSync(process.execPath, join(alone, 'node'));
  assert.match(await failing({ PATH: alone }), /\[setup_npm_missing\]$/);
  assert.ok(!existsSync(join(root, 'node_modules')));
});

test('a checkout that this user may not write to is told so', {
  skip: process.getuid?.() === 0,
}, async (t) => {
  const { env, launcher, root } = plant(t);
  chmodSync(root, 0o555);
  const { code, stderr } = await launch(launcher, [], { env });
  assert.equal(code, 1);
  assert.match(stderr, /^headrace: This user may not write to .* \[setup_read_only\]\n$/);
});
