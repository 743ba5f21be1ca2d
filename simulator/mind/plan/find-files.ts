import { sentencesOf } from '../language/words.ts';

/** A file that the brief asks for, with the sentences that say so. */
export interface FileAsk {
  path: string;
  sentences: string[];
}

const extensions =
  'py|js|mjs|ts|tsx|jsx|md|json|ya?ml|toml|txt|csv|tsv|html?|css|ipynb|png|jpe?g|gif|svg|pdf|pt|pth|pkl|joblib|h5|onnx|npz?|sh|sql|java|go|rs|c|cpp|h|xml|ini|cfg|log|docx|xlsx|pptx|r|tex';
const named = new RegExp(
  `(?<![\\w/:.@-])((?:[\\w.-]+/)*[\\w-][\\w.-]*\\.(?:${extensions}))(?![\\w/(])`,
  'gi',
);
const folder = /\b(?:in|into|under|to|inside)\s+(?:the\s+)?`([\w./-]+\/)`/;

/** Every path with a known extension, in order; a bare name joins the folder that its sentence names. */
export function findFiles(texts: readonly string[]): FileAsk[] {
  const found = new Map<string, FileAsk>();
  let previous = '';
  for (const sentence of texts.flatMap(sentencesOf)) {
    for (const path of pathsIn(sentence)) {
      const file = found.get(path) ?? { path, sentences: [] };
      // "The latter should be …" says nothing without the sentence before it.
      if (/^(the latter|this|these|it|they)\b/i.test(sentence) && previous)
        file.sentences.push(previous);
      if (!file.sentences.includes(sentence)) file.sentences.push(sentence);
      found.set(path, file);
    }
    previous = sentence;
  }
  return dropBareNames([...found.values()]);
}

function pathsIn(sentence: string): string[] {
  const plain = sentence.replace(/\]\([^)]*\)|https?:\/\/\S+/g, ' ');
  const base = folder.exec(plain)?.[1] ?? '';
  return [...plain.matchAll(named)]
    .map((match) => match[1] ?? '')
    .filter((path) => path.includes('/') || plain.includes('`'))
    .map((path) => (path.includes('/') ? path : `${base}${path}`));
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
