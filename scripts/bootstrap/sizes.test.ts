import assert from 'node:assert/strict';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { describeSize, packageSizes } from './sizes.mjs';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

function diskMegabytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    bytes += lstatSync(join(entry.parentPath, entry.name)).blocks * 512;
  }
  return bytes / 1_048_576;
}

const measured = process.platform === 'linux' && process.arch === 'x64';

test('what is said before a download is true within a quarter', { skip: !measured }, () => {
  const disk = diskMegabytes(modules);
  const said = packageSizes.test.disk;
  assert.ok(
    Math.abs(disk - said) < said / 4,
    `node_modules takes ${Math.round(disk)} MB, said are ${said}`,
  );
});

test('a size is told as download and disk', () => {
  assert.equal(describeSize({ download: 46, disk: 93 }), 'about 46 MB (93 MB on disk)');
});
