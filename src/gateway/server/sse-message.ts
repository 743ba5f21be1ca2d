/** A server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html); JSON has no line breaks of its own. */
export function writeMessage(message: { id: string; event: string; data: object }): string {
  return `id: ${message.id}\nevent: ${message.event}\ndata: ${JSON.stringify(message.data)}\n\n`;
}

/** Clients ignore it; it keeps proxies from closing a silent stream. */
export function comment(text: string): string {
  return `: ${text}\n\n`;
}
