/** Values with which clients say "no" to what we cannot carry; anything else of these is refused. */
const neutral = new Map<string, readonly unknown[]>(
  Object.entries({
    n: [1],
    logprobs: [false],
    top_logprobs: [0],
    presence_penalty: [0],
    frequency_penalty: [0],
    store: [false],
    parallel_tool_calls: [true, false],
    tool_choice: ['none', 'auto'],
    service_tier: ['auto', 'default'],
    verbosity: ['medium'],
    include_obfuscation: [true, false],
  }),
);

/** Objects that say nothing where they are empty. */
const emptied: ReadonlySet<string> = new Set(['metadata', 'logit_bias']);

/** The body without its nulls, empty lists and neutral values, which SDKs send unasked. */
export function dropNeutral(body: unknown): unknown {
  if (!isRecord(body)) return body;
  const kept = dropFrom(body);
  const messages = kept['messages'];
  if (Array.isArray(messages)) {
    kept['messages'] = messages.map((entry) => (isRecord(entry) ? dropFrom(entry) : entry));
  }
  if (isRecord(kept['stream_options'])) kept['stream_options'] = dropFrom(kept['stream_options']);
  return kept;
}

function dropFrom(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !isNeutral(name, value)),
  );
}

function isNeutral(name: string, value: unknown): boolean {
  if (value === null) return true;
  // An empty conversation or an empty text is a mistake to be named, not a "no".
  if (name === 'messages' || name === 'content') return false;
  if (Array.isArray(value)) {
    return value.length === 0 || (name === 'modalities' && value.join() === 'text');
  }
  if (isRecord(value)) return emptied.has(name) && Object.keys(value).length === 0;
  return neutral.get(name)?.includes(value) ?? false;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
