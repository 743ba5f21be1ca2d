import { createConnection } from 'node:net';

/** Calls of the limiter's function since the server started, and the µs spent in them, as the server counts. */
export function readRedisCalls(url: string): Promise<{ calls: number; micros: number }> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port: Number(port), host: hostname });
    let text = '';
    socket.on('error', reject);
    socket.on('data', (data) => {
      text += data.toString();
      if (!text.includes('+PONG')) return;
      socket.destroy();
      const line = /cmdstat_fcall:calls=(\d+),usec=(\d+)/.exec(text);
      resolve({ calls: Number(line?.[1] ?? 0), micros: Number(line?.[2] ?? 0) });
    });
    socket.write('INFO commandstats\r\nPING\r\n');
  });
}
