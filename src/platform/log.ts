import pino from 'pino';
import { type Clock, systemClock } from './clock.ts';
import { isHeadraceError } from './errors/headrace-error.ts';

// What a log line may hold. A field that is not listed never reaches the disk, so a request body, a
// header or a prompt cannot leak through a careless spread.
const fieldKinds = {
  account: 'string',
  assignment: 'number',
  attempt_id: 'string',
  bytes: 'number',
  capability: 'string',
  carrier: 'string',
  code: 'string',
  component: 'string',
  count: 'number',
  credential: 'string',
  dimension: 'string',
  error: 'string',
  event_id: 'number',
  failure: 'string',
  fencing: 'number',
  file: 'string',
  free: 'number',
  from: 'string',
  host: 'string',
  input_tokens: 'number',
  key: 'string',
  kind: 'string',
  lane: 'string',
  limit: 'number',
  managed_by: 'string',
  method: 'string',
  model: 'string',
  ms: 'number',
  name: 'string',
  output_tokens: 'number',
  outcome: 'string',
  path: 'string',
  pid: 'number',
  port: 'number',
  project_id: 'string',
  provider: 'string',
  reason: 'string',
  request_id: 'string',
  retry_after_ms: 'number',
  role: 'string',
  round: 'number',
  route: 'string',
  run_id: 'string',
  signal: 'string',
  simulated: 'boolean',
  slots: 'number',
  stack: 'string',
  state: 'string',
  status: 'number',
  step: 'number',
  task_id: 'string',
  tenant_id: 'string',
  to: 'string',
  trace_id: 'string',
  url: 'string',
  user_id: 'string',
  version: 'string',
  wait_ms: 'number',
  where: 'string',
  worker_id: 'string',
} as const;

interface Kinds {
  string: string;
  number: number;
  boolean: boolean;
}

/** The allowlist; `null` is written, `undefined` is left out. Durations are milliseconds. */
export type LogFields = {
  [Field in keyof typeof fieldKinds]?: Kinds[(typeof fieldKinds)[Field]] | null | undefined;
};

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** `event` names what happened in dotted words (`task.claimed`), never a sentence with values in it. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log that writes `fields` on each of its lines. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  level: LogLevel;
  /** Receives one JSON document per line; standard error where omitted, for standard output is the command's. */
  destination?: { write(line: string): unknown };
  clock?: Clock;
}

/** Longer values are cut: a log line is no place for a document, and a cut key is no key. */
export const maxLogValueLength = 512;
const maxStackLength = 4096;

export function createLog({ level, destination, clock = systemClock }: LogOptions): Log {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  // Synchronous, so that the last lines before a crash are not lost in a buffer.
  return wrap(pino(options, destination ?? pino.destination({ dest: 2, sync: true })));
}

const ignore = () => undefined;
export const silentLog: Log = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  child: () => silentLog,
};

/** The fields of an error: its code and message; the stack only where it is no error of ours, hence a bug. */
export function errorFields(error: unknown): LogFields {
  if (isHeadraceError(error)) {
    return { code: error.code, error: error.message, where: error.where };
  }
  if (error instanceof Error) {
    return { code: 'internal', error: error.message, stack: error.stack };
  }
  return { code: 'internal', error: typeof error };
}

function wrap(sink: pino.Logger): Log {
  return {
    debug: (event, fields) => sink.debug(allowed(fields), event),
    info: (event, fields) => sink.info(allowed(fields), event),
    warn: (event, fields) => sink.warn(allowed(fields), event),
    error: (event, fields) => sink.error(allowed(fields), event),
    child: (fields) => wrap(sink.child(allowed(fields))),
  };
}

function allowed(fields: LogFields = {}): Record<string, string | number | boolean | null> {
  const kept: Record<string, string | number | boolean | null> = {};
  let dropped = 0;
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (!isAllowed(field, value)) dropped += 1;
    else kept[field] = typeof value === 'string' ? sanitize(value, field) : value;
  }
  // Counted, not named: even the name of an unlisted field may come from outside.
  if (dropped > 0) kept['dropped_fields'] = dropped;
  return kept;
}

function isAllowed(field: string, value: unknown): boolean {
  if (!Object.hasOwn(fieldKinds, field)) return false;
  return value === null || typeof value === fieldKinds[field as keyof typeof fieldKinds];
}

// Vendors quote the key in "Incorrect API key provided: …", and such a message may become `error`.
const keyLike =
  /\b(?:sk|hr|pk|rk)[-_][\w-]{12,}|\bAIza[\w-]{20,}|\b(?:bearer|basic)\s+[\w.~+/-]{12,}=*/gi;

function sanitize(value: string, field: string): string {
  const limit = field === 'stack' ? maxStackLength : maxLogValueLength;
  const masked = value.replace(keyLike, '[masked]');
  return masked.length > limit ? `${masked.slice(0, limit)}…` : masked;
}
