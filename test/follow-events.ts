import type { ReadEvent } from './read-events.ts';
import { parseEvents } from './read-events.ts';
import type { Simulated } from './start-simulated.ts';

/** Reads a run's events as they come until one is as wanted, or the run ended; answers what was read. */
export async function followEvents(
  simulated: Simulated,
  runId: string,
  wanted: (event: ReadEvent) => boolean = () => false,
): Promise<ReadEvent[]> {
  const response = await simulated.call(`/api/v1/runs/${runId}/events`);
  const events: ReadEvent[] = [];
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const whole = text.lastIndexOf('\n\n') + 2;
    const read = parseEvents(text.slice(0, whole));
    text = text.slice(whole);
    events.push(...read);
    if (read.some(wanted)) return events;
  }
  return events;
}
