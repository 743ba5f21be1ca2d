import type { ServerResponse } from 'node:http';
import { type Clock, waitFor } from '../clock.ts';
import type { WireFault } from '../faults.ts';
import type { Call, Frame, Reply, Wire } from '../wire/wire.ts';
import type { Pace } from './pace.ts';
import { simulatedHeader } from './send.ts';

export interface Delivery {
  wire: Wire;
  call: Call;
  reply: Reply;
  pace: Pace;
  headers: Record<string, string>;
  fault: WireFault | undefined;
}

export interface Line {
  clock: Clock;
  response: ServerResponse;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

/** Below this a timer costs more than the wait. */
const shortestWaitMs = 12;
const keepAliveAfterMs = 400;

/** Writes the answer over the time that it takes; resolves to the share of it that was written. */
export async function deliver(line: Line, delivery: Delivery): Promise<number> {
  if (delivery.fault === 'wrong_content_type') return deliverPage(line);
  if (delivery.fault === 'hang') {
    await new Promise<void>((resolve) => {
      if (line.signal.aborted) resolve();
      line.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return 0;
  }
  return delivery.call.stream ? deliverStream(line, delivery) : deliverWhole(line, delivery);
}

async function deliverWhole(line: Line, delivery: Delivery): Promise<number> {
  const { wire, call, reply, pace, fault } = delivery;
  const headers = { 'content-type': 'application/json', ...delivery.headers, ...simulatedHeader };
  const wait = pace.firstTokenMs + reply.usage.output * pace.msPerToken;
  if (wire.keepAlive && wait >= keepAliveAfterMs) {
    line.response.writeHead(200, headers);
    line.response.write(wire.keepAlive.plain);
  }
  await waitFor(line.clock, wait, line.signal);
  if (line.signal.aborted) return 0;
  if (!line.response.headersSent) line.response.writeHead(200, headers);
  const body = JSON.stringify(wire.answer(call, reply));
  if (fault === 'cut_stream') return cutOff(line, body.slice(0, body.length / 2));
  line.response.end(fault === 'malformed_json' ? body.slice(0, -7) : body);
  return 1;
}

async function deliverStream(line: Line, delivery: Delivery): Promise<number> {
  const { wire, pace, fault } = delivery;
  line.response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...delivery.headers,
    ...simulatedHeader,
  });
  line.response.flushHeaders();
  if (wire.keepAlive && pace.firstTokenMs > 0) line.response.write(wire.keepAlive.streamed);
  await waitFor(line.clock, pace.firstTokenMs, line.signal);
  const frames = damage(wire.frames(delivery.call, delivery.reply), fault);
  const stopAt = fault === 'cut_stream' ? Math.ceil(frames.length / 2) : frames.length;
  let owed = 0;
  let batch = '';
  for (const [index, frame] of frames.entries()) {
    owed += frame.tokens * pace.msPerToken;
    if (owed >= shortestWaitMs) {
      if (batch) line.response.write(batch);
      batch = '';
      await waitFor(line.clock, owed, line.signal);
      owed = 0;
    }
    if (line.signal.aborted) return index / frames.length;
    if (index === stopAt) return cutOff(line, batch);
    batch += frame.data;
  }
  line.response.end(batch);
  return 1;
}

function damage(frames: Frame[], fault: WireFault | undefined): Frame[] {
  if (fault !== 'malformed_json') return frames;
  const middle = Math.floor(frames.length / 2);
  return frames.map((frame, index) =>
    index === middle ? { ...frame, data: `${frame.data.trimEnd().slice(0, -5)}\n\n` } : frame,
  );
}

/** The connection breaks after `sent` has left. */
function cutOff(line: Line, sent: string): Promise<number> {
  return new Promise((resolve) => {
    line.response.write(sent, () => {
      line.response.destroy();
      resolve(0.5);
    });
  });
}

/** What a proxy in between says: a success that is no answer. */
function deliverPage(line: Line): number {
  line.response.writeHead(200, { 'content-type': 'text/html', ...simulatedHeader });
  line.response.end('<html><body><h1>502 Bad Gateway</h1></body></html>');
  return 0;
}
