import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { JsonObject } from '../../platform/json.ts';
import { type JsonRepair, parseModelJson } from './parse-model-json.ts';

export interface NdjsonLine {
  value: JsonObject;
  repairs: JsonRepair[];
}

/** The object of one line of a model's NDJSON; throws `answer_invalid`. */
export function parseNdjsonLine(line: string): NdjsonLine {
  const { value, repairs } = parseModelJson(line);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { value, repairs };
  }
  throw new HeadraceError('answer_invalid', {
    message: `A line of the model's answer is no JSON object: "${line.trim().slice(0, 80)}".`,
  });
}
