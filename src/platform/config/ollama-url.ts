/** Reads OLLAMA_HOST as Ollama does: `[scheme://]host[:port]`; `null` where it is none. */
export function ollamaUrl(written: string): string | null {
  const hasScheme = /^https?:\/\//i.test(written);
  if (!hasScheme && written.includes('://')) return null;
  const address = hasScheme
    ? written
    : `http://${written.startsWith(':') ? `127.0.0.1${written}` : written}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '' || url.search !== '') return null;
  // Ollama listens on this address; nobody can connect to it.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  if (!hasScheme && url.port === '' && !/:80$/.test(written)) url.port = '11434';
  return url.href.replace(/\/+$/, '');
}
