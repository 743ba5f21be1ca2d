/** What a file has to say, whatever its format. */
export interface FileNotes {
  path: string;
  label: string;
  title: string;
  purpose: string;
  points: string[];
  sources: string[];
  /** Identifiers, at least one. */
  names: string[];
}

interface FileWriter {
  extensions: RegExp;
  write(notes: FileNotes): string;
}

const list = (items: readonly string[], mark: string) => items.map((item) => `${mark}${item}`);

/** By extension; the first is for every kind that is plain text. */
export const fileWriters: readonly [FileWriter, ...FileWriter[]] = [
  { extensions: /^(txt|log|tex|r|sql)$/, write: writeText },
  { extensions: /^py$/, write: writePython },
  { extensions: /^([cm]?[jt]sx?|java|kt|swift|cs|php|go|rs|c|cpp|h|s?css)$/, write: writeScript },
  { extensions: /^md$/, write: writeMarkdown },
  { extensions: /^json$/, write: writeJson },
  { extensions: /^ipynb$/, write: writeNotebook },
  {
    extensions: /^(ya?ml|toml|ini|cfg|conf|service|tf|sh|dockerfile|makefile)$/,
    write: writeConfig,
  },
  { extensions: /^[ct]sv$/, write: writeTable },
  { extensions: /^(html?|xml|svg|vue|svelte)$/, write: writeMarkup },
];

function writeText(notes: FileNotes): string {
  if (/requirements[\w-]*\.txt$/.test(notes.path)) return writeConfig({ ...notes, names: [] });
  return `${[
    notes.path,
    notes.label,
    '',
    notes.purpose,
    '',
    ...list(notes.points, '- '),
    '',
    ...list(notes.sources, '- '),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function writePython(notes: FileNotes): string {
  // The entry point is its own.
  const names = notes.names.filter((name) => name !== 'main');
  const functions = names.map((name) =>
    [
      `def ${name}(values: dict[str, object]) -> dict[str, object]:`,
      `    """Return a copy of the values, marked with "${name}"; an empty mapping is an error."""`,
      '    if not values:',
      `        raise ValueError("${name}: nothing to work on")`,
      `    logger.info("${name}: %d values", len(values))`,
      `    return {**values, "${name}": True}`,
    ].join('\n'),
  );
  const chain = names.map((name) => `    values = ${name}(values)`).join('\n');
  return `"""${notes.path}

${notes.label}

${plain(notes.purpose)}

${list(notes.points.map(plain), '- ').join('\n')}
"""

from __future__ import annotations

import logging

logger = logging.getLogger(__name__)
${notes.sources.map((source) => `# ${plain(source)}`).join('\n')}


${functions.join('\n\n\n')}


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    values: dict[str, object] = {"source": "${notes.path}"}
${chain}
    logger.info("done: %s", sorted(values))


if __name__ == "__main__":
    main()
`;
}

/** Quotation marks and backslashes would end a docstring or a comment early. */
function plain(text: string): string {
  return text.replace(/["\\]/g, "'").replace(/\*\//g, '* /');
}

function writeScript(notes: FileNotes): string {
  const comment = [
    '/**',
    ...list(
      [notes.path, notes.label, plain(notes.purpose), ...notes.points.map(plain)].filter(Boolean),
      ' * ',
    ),
    ' */',
  ];
  if (/\.s?css$/.test(notes.path)) {
    const rules = notes.names.map((name) => `.${name.replaceAll('_', '-')} {\n  margin: 0;\n}`);
    return `${comment.join('\n')}\n\n${rules.join('\n\n')}\n`;
  }
  if (!/\.[cm]?[jt]sx?$/.test(notes.path)) return `${comment.join('\n')}\n`;
  const typed = /tsx?$/.test(notes.path);
  const functions = notes.names.map((name) => {
    const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const [value, result] = typed ? ['values: readonly string[]', ': string[]'] : ['values', ''];
    return `export function ${camel}(${value})${result} {\n  if (values.length === 0) throw new Error('${camel}: nothing to work on');\n  return [...values, '${name}'];\n}`;
  });
  return `${comment.join('\n')}\n\n${functions.join('\n\n')}\n`;
}

function writeMarkdown(notes: FileNotes): string {
  const sources = notes.sources.length > 0 ? ['', ...list(notes.sources, '- ')] : [];
  return `# ${notes.title}\n\n*${notes.label}*\n\n${notes.purpose}\n\n${list(notes.points, '- ').join('\n')}${sources.join('\n')}\n`;
}

function writeJson(notes: FileNotes): string {
  const { label, title, purpose, points, sources, names } = notes;
  return `${JSON.stringify({ note: label, title, purpose, points, sources, names }, null, 2)}\n`;
}

function writeNotebook(notes: FileNotes): string {
  const markdown = (source: string[]) => ({ cell_type: 'markdown', metadata: {}, source });
  const code = (source: string[]) => ({
    cell_type: 'code',
    execution_count: null,
    metadata: {},
    outputs: [],
    source,
  });
  const notebook = {
    cells: [
      markdown([`# ${notes.title}\n`, '\n', `*${notes.label}*\n`, '\n', notes.purpose]),
      markdown(list(notes.points, '- ').map((line) => `${line}\n`)),
      code(notes.names.map((name) => `${name} = "${name}"\n`)),
      code([`print(${notes.names.join(', ')})`]),
      markdown(list(notes.sources, '- ').map((line) => `${line}\n`)),
    ],
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

function writeConfig(notes: FileNotes): string {
  const comments = list(
    [notes.path, notes.label, notes.purpose, ...notes.points, ...notes.sources].filter(Boolean),
    '# ',
  );
  const shell = /\.sh$/.test(notes.path);
  if (/dockerfile$/i.test(notes.path)) return `${[...comments, 'FROM scratch'].join('\n')}\n`;
  const settings = notes.names.map((name) => {
    if (shell) return `echo "${name}"`;
    return /\.ya?ml$/.test(notes.path) ? `${name}: true` : `${name} = true`;
  });
  const head = shell ? ['#!/bin/sh'] : [];
  return `${[...head, ...comments, ...settings].join('\n')}\n`;
}

function writeTable(notes: FileNotes): string {
  const separator = /\.tsv$/.test(notes.path) ? '\t' : ',';
  const cell = (text: string) =>
    /[",\t\n]/.test(text) ? `"${text.replaceAll('"', '""').replaceAll('\n', ' ')}"` : text;
  const rows = [
    ['row', 'subject', 'statement'],
    ...notes.points.map((point, index) => [
      String(index + 1),
      notes.names[index] ?? notes.names[0] ?? '',
      point,
    ]),
    ...notes.sources.map((source) => ['', 'source', source]),
    ['', 'note', notes.label],
  ];
  return `${rows.map((row) => row.map(cell).join(separator)).join('\n')}\n`;
}

function writeMarkup(notes: FileNotes): string {
  const safe = (text: string) =>
    text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/--/g, '- -');
  if (/svg$/.test(notes.path)) {
    const lines = [notes.title, ...notes.points].map(
      (text, index) => `  <text x="12" y="${28 + index * 22}" font-size="14">${safe(text)}</text>`,
    );
    return `<!-- ${safe(notes.label)} -->\n<svg xmlns="http://www.w3.org/2000/svg" width="960" height="${60 + lines.length * 22}">\n${lines.join('\n')}\n</svg>\n`;
  }
  if (/xml$/.test(notes.path)) {
    const items = notes.points.map((point) => `  <point>${safe(point)}</point>`);
    return `<!-- ${safe(notes.label)} -->\n<notes>\n${items.join('\n')}\n</notes>\n`;
  }
  const items = notes.points.map((point) => `      <li>${safe(point)}</li>`).join('\n');
  return `<!doctype html>
<!-- ${safe(notes.label)} -->
<html>
  <head><meta charset="utf-8"><title>${safe(notes.title)}</title></head>
  <body>
    <h1>${safe(notes.title)}</h1>
    <p>${safe(notes.purpose)}</p>
    <ul>
${items}
    </ul>
  </body>
</html>
`;
}
