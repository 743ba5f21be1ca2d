import type { CanonicalMessage } from './canonical.ts';

export interface Turns {
  /** All system messages in their order, `null` where there is none. */
  system: string | null;
  turns: CanonicalMessage[];
}

/**
 * System text apart from the conversation, for formats that carry it in a field of its own.
 * A request of system messages only becomes a user turn: vendors reject an empty conversation.
 */
export function splitTurns(messages: readonly CanonicalMessage[]): Turns {
  const system = messages
    .filter((message) => message.role === 'system')
    .map((message) => message.content)
    .join('\n\n');
  const turns = messages.filter((message) => message.role !== 'system');
  if (turns.length === 0) return { system: null, turns: [{ role: 'user', content: system }] };
  return { system: system === '' ? null : system, turns };
}

/** The system text in front of the first user turn, for models that want no system message. */
export function foldSystem(messages: readonly CanonicalMessage[]): CanonicalMessage[] {
  const { system, turns } = splitTurns(messages);
  if (system === null) return turns;
  const first = turns.findIndex((turn) => turn.role === 'user');
  if (first < 0) return [{ role: 'user', content: system }, ...turns];
  return turns.map((turn, index) =>
    index === first ? { role: 'user', content: `${system}\n\n${turn.content}` } : turn,
  );
}
