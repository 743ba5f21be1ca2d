/** A server-sent event of a run as the gateway writes it. */
export interface ReadEvent {
  id: number;
  type: string;
  step: number | null;
  task_id: string | null;
  attempt_id: string | null;
  data: Record<string, unknown>;
}

/** The events of a finished stream's text. */
export function parseEvents(text: string): ReadEvent[] {
  return text
    .split('\n\n')
    .filter((block) => /^data: /m.test(block))
    .map((block) => {
      const json = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '{}');
      return {
        id: Number(/^id: (.*)$/m.exec(block)?.[1]),
        type: json.type,
        step: json.step,
        task_id: json.task_id,
        attempt_id: json.attempt_id,
        data: json.data,
      };
    });
}
