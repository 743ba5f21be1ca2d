import { sentencesOf } from '../language/words.ts';

/** A file that the brief asks for, with the sentences that say so. */
export interface FileAsk {
  path: string;
  sentences: string[];
}

const extensions =
  'py|js|mjs|ts|tsx|jsx|vue|svelte|md|jsonl?|ya?ml|toml|txt|csv|tsv|html?|s?css|ipynb|png|jpe?g|gif|svg|pdf|pt|pth|pkl|joblib|h5|onnx|npz?|sh|sql|java|kt|swift|cs|rb|php|go|rs|c|cpp|h|xml|ini|cfg|conf|service|tf|proto|graphql|log|docx|xlsx|pptx|r|tex|rst';
const named = new RegExp(
  `(?<![\\w/:.@-])((?:[\\w.-]+/)*[\\w-][\\w.-]*\\.(?:${extensions}))(?![\\w/(])`,
  'gi',
);
/** Files that have no extension, where they are marked as a name. */
const bareNamed =
  /`((?:[\w.-]+\/)*(?:Dockerfile|Makefile|Procfile|LICENSE|\.gitignore|\.env\.example))`/g;
/** "Node.js" is no file. */
const framework = /^(?:[A-Z]\w*|express|three|d3|chart)\.js$/;
const folder = /\b(?:in|into|under|to|inside)\s+(?:the\s+)?`([\w./-]+\/)`/;

/** Every path with a known extension, in order; a bare name joins the folder that its sentence names. */
export function findFiles(texts: readonly string[]): FileAsk[] {
  const found = new Map<string, FileAsk>();
  let previous = '';
  for (const sentence of texts.flatMap(sentencesOf)) {
    for (const path of pathsIn(sentence)) {
      const file = found.get(path) ?? { path, sentences: [] };
      // "The latter should be …" says nothing without the sentence before it.
      if (
        /^(?:the latter|this|these|it|they|(?:save|put|store|write) (?:it|them|this))\b/i.test(
          sentence,
        ) &&
        previous
      )
        file.sentences.push(previous);
      const said = clauseOf(sentence, path);
      if (!file.sentences.includes(said)) file.sentences.push(said);
      found.set(path, file);
    }
    previous = sentence;
  }
  return dropBareNames([...found.values()]);
}

function pathsIn(sentence: string): string[] {
  const plain = sentence.replace(/\]\([^)]*\)|https?:\/\/\S+/g, ' ');
  const base = folder.exec(plain)?.[1] ?? '';
  return [...plain.matchAll(named), ...plain.matchAll(bareNamed)]
    .sort((one, other) => one.index - other.index)
    .map((match) => match[1] ?? '')
    .filter((path) => !framework.test(path) && !/^~/.test(path))
    .map((path) => (path.includes('/') ? path : `${base}${path}`));
}

/** Of a sentence that names several files the part about this one. */
function clauseOf(sentence: string, path: string): string {
  const name = path.split('/').at(-1) ?? path;
  const clauses = sentence.split(/(?:[,，;；]|\s(?=and\s))\s*/u);
  const own = clauses.filter((clause) => clause.includes(name));
  const isShared = own.some((clause) => pathsIn(clause).length > 1) || pathsIn(sentence).length < 2;
  return isShared || own.length === 0 ? sentence : own.join(', ').replace(/^and\s+/, '');
}

/** `train.py` is the `src/train.py` of another sentence. */
function dropBareNames(files: FileAsk[]): FileAsk[] {
  return files.filter((file) => {
    const whole = files.find((other) => other !== file && other.path.endsWith(`/${file.path}`));
    if (!whole) return true;
    whole.sentences.push(
      ...file.sentences.filter((sentence) => !whole.sentences.includes(sentence)),
    );
    return false;
  });
}
