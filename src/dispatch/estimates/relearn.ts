import type { Store } from '../../platform/store/store.ts';
import { estimateInput } from '../call-size.ts';
import type { Estimates } from './estimates.ts';

/** The ledger holds bytes and what surrounds them as one number; most calls have two messages. */
const frame = 24;
/** So many of the ledger's last answers are enough for every model that is in use. */
const attempts = 2000;

interface AttemptRow {
  tenant_id: string;
  provider: string;
  model: string;
  reserved_input_tokens: number;
  reserved_output_tokens: number;
  input_tokens: number;
  output_tokens: number;
}

/** The ledger remembers what calls took, so a restart need not begin with everyone's cap. Answers `estimates`. */
export async function relearn(store: Store, estimates: Estimates): Promise<Estimates> {
  const rows = await store.transaction('system', (tx) =>
    tx.query<AttemptRow>(
      `SELECT tenant_id, provider, model, reserved_input_tokens, reserved_output_tokens,
         input_tokens, output_tokens
       FROM attempts
       WHERE outcome = 'succeeded' AND input_tokens IS NOT NULL AND output_tokens IS NOT NULL
         AND started_at > headrace_now() - interval '7 days'
       ORDER BY id DESC LIMIT $1`,
      [attempts],
    ),
  );
  for (const row of rows.reverse()) {
    const size = {
      inputBytes: row.reserved_input_tokens,
      inputCharacters: row.reserved_input_tokens,
      estimatedInput: estimateInput(row.reserved_input_tokens - frame) + frame,
      estimatedCachedInput: 0,
      maxOutput: row.reserved_output_tokens,
      predictedOutput: row.reserved_output_tokens,
    };
    const call = { tenantId: row.tenant_id, model: `${row.provider}/${row.model}`, size };
    estimates.learn(call, { input: row.input_tokens, output: row.output_tokens });
  }
  return estimates;
}
