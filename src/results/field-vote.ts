import type { Json, JsonObject } from '../platform/json.ts';
import { readQuantities, writeQuantities } from './read-quantities.ts';

export interface Ballot {
  family: string;
  value: JsonObject;
}

export interface FieldVote {
  value: JsonObject;
  /** Fields on which families differ, as `name: "a" (2) / "b" (1)`. */
  contradictions: string[];
  /** Smallest number of families behind any chosen field. */
  supporters: number;
  /** Largest number of families behind any value that was not chosen. */
  runnerUp: number;
}

/** Field by field the value that most families gave; ties go to the earlier ballot. One vote per family and value. */
export function voteFields(ballots: readonly Ballot[]): FieldVote {
  const names = [...new Set(ballots.flatMap((ballot) => Object.keys(ballot.value)))];
  const value: JsonObject = {};
  const contradictions: string[] = [];
  let supporters = Number.POSITIVE_INFINITY;
  let runnerUp = 0;
  for (const name of names) {
    const votes = countVotes(ballots, name);
    const winner = votes[0];
    if (!winner) continue;
    value[name] = winner.value;
    supporters = Math.min(supporters, winner.families.size);
    runnerUp = Math.max(runnerUp, votes[1]?.families.size ?? 0);
    if (votes.length > 1) {
      const shown = votes.map((vote) => `${JSON.stringify(vote.value)} (${vote.families.size})`);
      contradictions.push(`${name}: ${shown.join(' / ')}`);
    }
  }
  supporters = Number.isFinite(supporters) ? supporters : 0;
  return { value, contradictions, supporters, runnerUp };
}

function countVotes(ballots: readonly Ballot[], name: string) {
  const votes = new Map<string, { value: Json; families: Set<string> }>();
  for (const ballot of ballots) {
    const value = ballot.value[name];
    if (value === undefined) continue;
    const key = canonicalJson(value);
    const vote = votes.get(key) ?? { value, families: new Set<string>() };
    vote.families.add(ballot.family);
    votes.set(key, vote);
  }
  return [...votes.values()].sort((one, other) => other.families.size - one.families.size);
}

/** The same value gives the same text: keys sorted, strings trimmed and case-folded, amounts in one notation. */
function canonicalJson(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(foldAmount(value.trim().toLowerCase()));
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** A field that is one amount and nothing else; 3.10 is as likely a version, which 3.1 is not. */
function foldAmount(text: string): string {
  const [amount, ...others] = readQuantities(text);
  if (!amount || others.length > 0 || /\.\d*[1-9]0+(?!\d)/.test(text)) return text;
  const folded = writeQuantities(text).trim();
  return folded === `${amount.value}${amount.unit.toLowerCase()}` ? folded : text;
}
