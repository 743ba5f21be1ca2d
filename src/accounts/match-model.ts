import picomatch from 'picomatch';

const compiled = new Map<string, (model: string) => boolean>();

/** Whether one of the glob patterns names the model; `*` crosses slashes, for hosts name models `org/model`. */
export function matchesModel(patterns: readonly string[], model: string): boolean {
  return patterns.some((pattern) => compile(pattern)(model));
}

/** A pattern without wildcards names exactly one model, which is then servable even if no catalogue knows it. */
export function isModelName(pattern: string): boolean {
  return !/[*?[\]{}()!+@]/.test(pattern);
}

function compile(pattern: string): (model: string) => boolean {
  let matcher = compiled.get(pattern);
  if (!matcher) {
    matcher = isModelName(pattern)
      ? (model) => model === pattern
      : picomatch(pattern.replaceAll(/\*+/g, '**'), { bash: true, dot: true, nonegate: true });
    compiled.set(pattern, matcher);
  }
  return matcher;
}
