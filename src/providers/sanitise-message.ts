const longest = 300;

/** Credentials as vendors print them back: "Incorrect API key provided: sk-…". */
const secretShapes = [
  /\b(?:sk|pk|rk|key)-[\w*.-]{4,}/gi,
  /\bAIza[\w*-]{6,}/g,
  /\bAQ\.[\w*-]{6,}/g,
  /\bBearer\s+\S+/gi,
  /\b(?:api[-_ ]?key|token|secret|password)\b["']?\s*[=:]\s*["']?[^\s"',;]+/gi,
  // A long run of letters with digits is a key or an identifier; nobody needs to read either.
  /\b(?!req_|msg_|resp_|chatcmpl)(?=\w*\d)(?=\w*[A-Za-z])\w{28,}\b/g,
];

/** A provider's message as it may be logged and shown: one line, at most 300 characters, no secret. */
export function sanitiseMessage(message: string, secret: string | undefined): string {
  let safe = message;
  if (secret !== undefined && secret !== '') safe = safe.replaceAll(secret, '[redacted]');
  for (const shape of secretShapes) safe = safe.replace(shape, '[redacted]');
  safe = safe.replace(/\s+/g, ' ').trim();
  return safe.length <= longest ? safe : `${safe.slice(0, longest - 1)}…`;
}
