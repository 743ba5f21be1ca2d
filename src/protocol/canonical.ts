import type { JsonObject } from '../platform/json.ts';

/** The one shape between every wire format and every provider. Vendor types never cross it. */
export interface CanonicalRequest {
  /** The provider's own model name, without the provider. */
  model: string;
  messages: CanonicalMessage[];
  /** Upper bound of output tokens, reasoning included. Always sent. */
  maxOutputTokens: number;
  temperature?: number;
  topP?: number;
  stop?: string[];
  seed?: number;
  /** Plain text where omitted. `json`: any JSON object. `json_schema`: an instance of the schema. */
  output?:
    | { type: 'text' }
    | { type: 'json' }
    | { type: 'json_schema'; name: string; schema: JsonObject };
  /** How much the model may think before it answers; the provider's default where omitted. */
  reasoning?: 'off' | 'low' | 'medium' | 'high';
  /** Opaque id of the end user, for the provider's abuse detection. */
  user?: string;
}

export interface CanonicalMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface CanonicalAnswer {
  /** The provider's id of the answer, where it has one. */
  id: string | null;
  /** The model that answered, as the provider names it. */
  model: string;
  text: string;
  /** Reasoning shown beside the answer; never fed back as context. */
  reasoning: string;
  finishReason: FinishReason;
  /** `null` where the provider reported none (a cut stream). */
  usage: Usage | null;
}

export type FinishReason =
  | 'stop'
  | 'length'
  | 'content_filter'
  | 'tool_calls'
  | 'error'
  | 'unknown';

/** Token counts. `input` includes the cached ones, `output` includes reasoning. */
export interface Usage {
  input: number;
  output: number;
  cachedInput: number;
  cacheWriteInput: number;
  reasoning: number;
}

export type StreamEvent =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | {
      type: 'end';
      id: string | null;
      model: string;
      finishReason: FinishReason;
      usage: Usage | null;
    };
