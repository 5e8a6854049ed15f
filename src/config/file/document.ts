/** The text of a config file as plain data, with the line of everything in it. YAML 1.2; JSON is a part of that. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type YAMLError,
} from 'yaml';
import { ConfigError, type Path, type Problem } from './problems.js';

export interface ConfigDocument {
  /** Plain data: mappings, lists, strings, numbers, booleans, null. */
  value: unknown;
  /** 1-based line of the key (or list item) at `path`; of its nearest ancestor when it isn't written out. */
  lineOf(path: Path): number | null;
}

/** Parses YAML or JSON. Throws ConfigError with the line of each syntax error. `file` is for the message only. */
export function parseDocument(text: string, file: string | null): ConfigDocument {
  const lines = new LineCounter();
  // JSON may be indented with tabs, which YAML doesn't allow; outside of strings both are mere white space.
  const plainText = text.replace(/^\uFEFF/, '');
  const source = isJson(plainText) ? plainText.replace(/\t/g, ' ') : plainText;
  const documents = parseAllDocuments(source, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const list = Array.isArray(documents) ? (documents as Document.Parsed[]) : [];
  const line = (offset: number) => lines.linePos(offset).line;
  const problems: Problem[] = firstOfEachLine(
    list
      .flatMap((document) => [...document.errors, ...document.warnings])
      .map((error) => ({
        line: line(error.pos[0]),
        path: '',
        code: 'config.syntax',
        message: syntaxMessage(error),
      })),
  );
  if (problems.length === 0 && list.length > 1) {
    const at = list[1]!.contents?.range?.[0];
    problems.push({
      line: at === undefined ? null : line(at),
      path: '',
      code: 'config.syntax',
      message: "a second document starts here ('---'); keep one per file",
    });
  }
  const document = list[0];
  if (problems.length === 0 && (document === undefined || document.contents === null)) {
    problems.push({
      line: null,
      path: '',
      code: 'config.syntax',
      message: "the file is empty; 'quantgate init' writes one to start from",
    });
  }
  if (problems.length > 0 || document === undefined) throw new ConfigError(file, problems);
  return {
    value: plain(document, file),
    lineOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === null ? null : line(offset);
    },
  };
}

/** What else the parser finds wrong in a line follows from the first. */
function firstOfEachLine(problems: readonly Problem[]): Problem[] {
  const lines = new Set<number | null>();
  return problems.filter((problem) => !lines.has(problem.line) && lines.add(problem.line));
}

function isJson(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function plain(document: Document.Parsed, file: string | null): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError(file, [
      { line: null, path: '', code: 'config.syntax', message: `not usable as YAML: ${message}` },
    ]);
  }
}

/** The parser's own words, in terms of the file where they speak of the parser. */
function syntaxMessage(error: YAMLError): string {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return 'this key is written twice in the same mapping';
    case 'TAB_AS_INDENT':
      return 'a tab is used as indentation; YAML allows spaces only';
    case 'TAG_RESOLVE_FAILED':
      return `a YAML tag that means nothing here (${error.message})`;
    default:
      return `not valid YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
  }
}

/** Where the key or item at `path` starts; follows aliases; stops at the last step that is written out. */
function offsetOf(document: Document.Parsed, path: Path): number | null {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? null;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap(node)) {
      const pair: Pair | undefined = (node.items as Pair[]).find((item) => keyOf(item) === String(step));
      if (!pair) break;
      offset = (pair.key as Node | null)?.range?.[0] ?? offset;
      node = (pair.value ?? null) as Node | null;
    } else if (isSeq(node)) {
      const item: Node | undefined = node.items[Number(step)] as Node | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      break;
    }
  }
  return offset;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}
