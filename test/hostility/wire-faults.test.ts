import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type WireFault, wireFaults } from '../../simulator/faults.ts';
import { runDamaged } from './run-damaged.ts';

/** The kind of failure as which an attempt that met the fault stands on the ledger; `null`: it is only late. */
const kinds: Record<WireFault, string | null> = {
  rate_limited: 'rate_limited',
  rate_limited_bare: 'rate_limited',
  overloaded: 'transient',
  unavailable: 'transient',
  server_error: 'transient',
  revoked_credential: 'credential',
  slow_first_token: null,
  hang: 'transient',
  cut_stream: 'transient',
  malformed_json: 'transient',
  wrong_content_type: 'transient',
};

/**
 * A second of silence is a hang where calls do hang: the usual time-outs would be waited for by nobody.
 * Nowhere else, for a machine that stalls is silent too.
 */
const yaml = 'time_outs: { first_byte: 1, first_token: 5, idle: 5, reply: 5 }\n';

/** Of one account of each vendor the credential is refused from the first call on. */
const revoked = ['openai-a', 'anthropic-a', 'gemini-a', 'deepseek-a', 'qwen-a'];

function troubleOf(fault: WireFault) {
  return fault === 'revoked_credential' ? { revoked } : { rates: { [fault]: 0.4 } };
}

describe('many calls of a run meet a fault of the wire, and it ends with a judged result', {
  concurrency: 3,
}, () => {
  for (const fault of wireFaults) {
    it(fault, { timeout: 90_000 }, async (t) => {
      const patience = fault === 'hang' ? { yaml } : {};
      const { run, faults } = await runDamaged(t, { faults: troubleOf(fault), ...patience });
      if (fault !== 'revoked_credential') assert.ok((faults[fault] ?? 0) > 0);
      const ends = run.tasks.flatMap(({ attempts }) =>
        attempts.flatMap(({ failure }) => failure?.kind ?? []),
      );
      const kind = kinds[fault];
      assert.deepEqual(kind === null ? ends : ends.includes(kind), kind === null ? [] : true);
    });
  }
});
