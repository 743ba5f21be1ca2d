/** How many random traces a property is tried on; `HEADRACE_TEST_TRACES` asks for more of them. */
export function wantedTraces(usual: number): number {
  return Number(process.env['HEADRACE_TEST_TRACES'] ?? usual);
}
