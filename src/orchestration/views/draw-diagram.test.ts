import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  criteriaLine,
  endLine,
  planLine,
  principal,
  setUpOrchestration,
} from '../../../test/set-up-orchestration.ts';
import { createSequence, escapeLabel } from './mermaid-sequence.ts';

test('the diagram shows what the run recorded, step by step, with hostile titles made harmless', async (t) => {
  const hostile = 'Wheel; end\n<script>alert("#1")</script> %%{init}%%';
  const plan = [criteriaLine, planLine({ id: 't1', title: hostile }), endLine(1)].join('\n');
  const setting = await setUpOrchestration(t, { planner: () => plan });
  const runId = await setting.accept();
  await setting.until(runId);
  await setting.orchestration.recordDelivery(principal, runId);
  const lines = (await setting.orchestration.drawDiagram(principal, runId)).split('\n');
  assert.equal(lines[0], 'sequenceDiagram');
  const statement = /^ {2}(participant P\d+ as |P\d+-?->>P\d+: |Note over P\d+: )[^;<>"`\\%{}]*$/;
  for (const line of lines.slice(1, -1)) {
    assert.match(line.replace(/#\d+;/g, ''), statement);
  }
  // With a fake dispatch steps ⑤, ⑪–⑬ and ⑮, which calls record, are not there.
  for (const mark of '①②③④⑥⑦⑧⑨⑩⑭⑯⑰⑱⑲⑳㉑㉒') {
    assert.ok(
      lines.some((line) => line.includes(`: ${mark} `)),
      mark,
    );
  }
  const names = lines.filter((line) => line.startsWith('  participant'));
  for (const name of ['Client', 'Gateway', 'Auth', 'Token store', 'Orchestration', 'Store']) {
    assert.ok(
      names.some((line) => line.endsWith(` as ${name}`)),
      name,
    );
  }
});

test('no text breaks out of its label', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const sequence = createSequence();
      sequence.note('Store', text);
      assert.equal(sequence.text().split('\n').length, 4);
      assert.doesNotMatch(escapeLabel(text).replace(/#\d+;/g, ''), /[#;<>{}"`\\%\n]/);
    }),
  );
});
