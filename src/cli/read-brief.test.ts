import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { readBrief } from './read-brief.ts';

async function fileWith(t: TestContext, content: string | Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-brief-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'brief.md');
  await writeFile(path, content);
  return path;
}

const nothing = Readable.from([]);

test('a brief in any language is read from a file or standard input', async (t) => {
  const path = await fileWith(t, 'Hãy viết báo cáo. 写一份报告。\n');
  assert.equal(await readBrief(path, nothing), 'Hãy viết báo cáo. 写一份报告。\n');
  assert.equal(await readBrief('-', Readable.from([Buffer.from('Do it.')])), 'Do it.');
});

test('an empty, a binary, a wrongly encoded and an over-long brief are each refused by name', async (t) => {
  const refused = async (content: string | Buffer) => {
    const path = await fileWith(t, content);
    return readBrief(path, nothing).then(
      () => 'accepted',
      (error: { code: string; where?: string }) => {
        assert.equal(error.where, path);
        return error.code;
      },
    );
  };
  assert.equal(await refused(' \n\t'), 'brief_empty');
  assert.equal(await refused(Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00])), 'brief_not_text');
  assert.equal(await refused(Buffer.from('Grüße', 'latin1')), 'brief_not_text');
  assert.equal(await refused(Buffer.alloc(1_048_577, 'a')), 'brief_too_large');
});

test('an endless pipe is given up after a mebibyte', async () => {
  let sent = 0;
  const endless = new Readable({
    read() {
      sent += 65_536;
      this.push(Buffer.alloc(65_536, 'a'));
    },
  });
  await assert.rejects(readBrief('-', endless), { code: 'brief_too_large' });
  assert.ok(sent < 4 * 1_048_576);
});

test('a missing file and a folder are told apart', async (t) => {
  await assert.rejects(readBrief('/nowhere/brief.md', nothing), /no file/);
  const path = await fileWith(t, 'x');
  await assert.rejects(readBrief(join(path, '..'), nothing), /folder/);
});
