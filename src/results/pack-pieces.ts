import { estimateTokens } from './ask-model.ts';

/** One input of a synthesis, or what is left of it after a level of the tree. */
export interface Piece {
  key: string;
  title: string;
  text: string;
}

/** Tags and attributes round each input. */
const frameTokens = 24;

export function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + sizeOfPiece(piece), 0);
}

function sizeOfPiece(piece: Piece): number {
  return estimateTokens(piece.text) + estimateTokens(piece.title) + frameTokens;
}

/** Neighbours stay together: they were planned next to each other. */
export function packPieces(pieces: readonly Piece[], room: number): Piece[][] {
  const groups: Piece[][] = [];
  let used = 0;
  for (const piece of pieces) {
    const size = sizeOfPiece(piece);
    const last = groups.at(-1);
    if (last && used + size <= room) {
      last.push(piece);
      used += size;
    } else {
      groups.push([piece]);
      used = size;
    }
  }
  return groups;
}

/** An input larger than the room in parts that fit, cut between paragraphs, else lines, else anywhere; nothing is lost. */
export function splitPiece(piece: Piece, room: number): Piece[] {
  const limit = Math.max(100, room - sizeOfPiece({ ...piece, text: '' }));
  const parts: Piece[] = [];
  let rest = piece.text;
  while (estimateTokens(rest) > limit) {
    const end = findCut(rest, limit);
    parts.push({ ...piece, text: rest.slice(0, end) });
    rest = rest.slice(end);
  }
  return [...parts, { ...piece, text: rest }];
}

function findCut(text: string, tokens: number): number {
  let most = Math.max(1, Math.floor((text.length * tokens) / estimateTokens(text)));
  while (estimateTokens(text.slice(0, most)) > tokens) most = Math.floor(most * 0.9);
  for (const border of ['\n\n', '\n', '. ', '。']) {
    const at = text.lastIndexOf(border, most - border.length);
    if (at > most / 2) return at + border.length;
  }
  // Half of a surrogate pair is no character.
  return /[\uD800-\uDBFF]/.test(text.charAt(most - 1)) ? most - 1 || 2 : most;
}
