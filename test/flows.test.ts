import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { steps } from '../src/platform/steps.ts';

const root = join(import.meta.dirname, '..');
const circled = (step: number) => String.fromCodePoint(step <= 20 ? 0x245f + step : 0x323c + step);

interface Named {
  name: string;
  file: string;
}

/** The functions that a cell of the table names. */
function readNamed(cell: string): Named[] {
  return [...cell.matchAll(/`(\w+)` in `([^`]+)`/g)].map(([, name = '', file = '']) => ({
    name,
    file,
  }));
}

const rows = readFileSync(join(root, 'docs/flows.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [①-⑳㉑㉒] /u.test(line))
  .map((line) => {
    const [, mark = '', , event = '', doneBy = '', recordedBy = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    return {
      mark,
      event: event.replaceAll('`', ''),
      doneBy: readNamed(doneBy),
      recordedBy: readNamed(recordedBy),
    };
  });

const sources = new Map(
  globSync('src/**/*.ts', { cwd: root })
    .filter((file) => !/\.(test|contract)\.ts$/.test(file))
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
);

test('the table has the twenty-two steps in their order, each with its event', () => {
  assert.deepEqual(
    rows.map(({ mark, event }) => [mark, event]),
    Object.entries(steps).map(([event, step]) => [circled(step), event]),
  );
});

for (const { mark, event, doneBy, recordedBy } of rows) {
  test(`step ${mark} ${event} is done and recorded by functions that exist and are used`, () => {
    assert.ok(doneBy.length > 0 && recordedBy.length === 1);
    for (const { name, file } of [...doneBy, ...recordedBy]) {
      const source = sources.get(file);
      assert.ok(source !== undefined, `there is no ${file}`);
      assert.match(
        source,
        new RegExp(`(function|const) ${name}\\b`),
        `${file} does not define ${name}`,
      );
      const used = new RegExp(`\\b${name}\\b[^;]*[(,}\\]]`);
      const users = [...sources].filter(
        ([other, text]) => other !== file && !other.endsWith('index.ts') && used.test(text),
      );
      const calls = source.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
      assert.ok(users.length > 0 || calls > 1, `nobody uses ${name} of ${file}`);
    }
    const recorder = recordedBy[0]!;
    assert.ok(
      sources.get(recorder.file)?.includes(`'${event}'`),
      `${recorder.file} does not record ${event}`,
    );
  });
}
