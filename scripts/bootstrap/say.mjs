/**
 * Tells the person who waits what is going on; on standard error, for standard output is the command's.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`headrace: ${text}\n`);
}
