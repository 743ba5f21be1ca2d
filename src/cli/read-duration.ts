import { InvalidArgumentError } from 'commander';
import { durationForm, parseDuration } from '../platform/parse-duration.ts';

/** A duration of an option → milliseconds. */
export function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError(`It is not ${durationForm}.`);
  return ms;
}
