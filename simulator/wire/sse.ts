import { splitTokens } from '../tokens.ts';
import type { Frame } from './wire.ts';

/** An event without a name, as OpenAI and Gemini send them. */
export function dataFrame(payload: unknown, tokens = 0): Frame {
  return { data: `data: ${JSON.stringify(payload)}\n\n`, tokens };
}

/** A named event, as Anthropic and OpenAI's Responses send them; the name is the payload's type. */
export function eventFrame(payload: { type: string }, tokens = 0): Frame {
  return { data: `event: ${payload.type}\ndata: ${JSON.stringify(payload)}\n\n`, tokens };
}

/** Pieces of a text with their cost; about forty frames at most, so that many streams stay cheap. */
export function piecesOf(text: string, tokens: number): { text: string; tokens: number }[] {
  const pieces = splitTokens(text, Math.max(6, Math.ceil(tokens / 40)));
  return pieces.map((piece) => ({ text: piece, tokens: tokens / pieces.length }));
}
