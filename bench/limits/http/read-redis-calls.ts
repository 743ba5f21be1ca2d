import { createConnection } from 'node:net';

/** Calls of the limiter's function since the server started, as the server counts them. */
export function readRedisCalls(url: string): Promise<number> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port: Number(port), host: hostname });
    let text = '';
    socket.on('error', reject);
    socket.on('data', (data) => {
      text += data.toString();
      if (!text.includes('+PONG')) return;
      socket.destroy();
      resolve(Number(/cmdstat_fcall:calls=(\d+)/.exec(text)?.[1] ?? 0));
    });
    socket.write('INFO commandstats\r\nPING\r\n');
  });
}
