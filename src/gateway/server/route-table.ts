interface KnownRoute {
  method: string;
  pattern: RegExp;
}

/** Remembers the routes, to tell a path that does not exist from a method that it does not know. */
export interface RouteTable {
  add(method: string | string[], url: string): void;
  /** The methods of the routes that match `path`, sorted; empty where none does. */
  methodsOf(path: string): string[];
}

export function createRouteTable(): RouteTable {
  const routes: KnownRoute[] = [];
  return {
    add(method, url) {
      const pattern = toPattern(url);
      for (const name of [method].flat()) routes.push({ method: name, pattern });
    },
    methodsOf(path) {
      const matching = routes.filter(({ pattern }) => pattern.test(path));
      return [...new Set(matching.map(({ method }) => method))].sort();
    },
  };
}

function toPattern(url: string): RegExp {
  const segments = url.split('/').map((segment) => {
    if (segment === '*') return '.+';
    if (segment.startsWith(':')) return '[^/]+';
    return segment.replaceAll('.', '\\.');
  });
  return new RegExp(`^${segments.join('/')}$`);
}
