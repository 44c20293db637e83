import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import type { Place, PolicyProblem } from './problem.js';

/** Aliases that a file may expand to, so that a small file cannot become a huge one. */
const MOST_ALIASES = 100;

/** One document of a file, as plain values, with the place of everything in it. */
export interface YamlDocument {
  readonly value: unknown;
  /** Place of the value at a path or, where there is none, of the nearest thing around it. */
  placeOf(path: readonly (string | number)[], what: 'key' | 'value'): Place;
}

/**
 * Parses a YAML 1.2 file (JSON is one) with several documents; empty ones are left out. Syntax errors, duplicate keys and unknown tags
 * are problems, all of them at once.
 */
export function parseYaml(
  text: string,
  file: string,
): { readonly documents: readonly YamlDocument[]; readonly problems: readonly PolicyProblem[] } {
  const counter = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: counter, prettyErrors: false, merge: true });
  const placeAt = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: PolicyProblem[] = [];
  const documents: YamlDocument[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const found = [...document.errors, ...document.warnings];
    for (const { pos, message, code } of found)
      problems.push({ ...placeAt(pos[0]), key: '', ...wording(code, message) });
    if (found.length > 0 || document.contents === null) continue;
    try {
      const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
      if (value !== null)
        documents.push({ value, placeOf: (path, what) => placeAt(locate(document, path, what)) });
    } catch (error) {
      problems.push({ ...placeAt(startOf(document.contents)), key: '', detail: (error as Error).message });
    }
  }
  return { documents, problems };
}

/** What a person can do about the errors that are met most. */
const remedies: Readonly<Record<string, Pick<PolicyProblem, 'detail' | 'remedy'>>> = {
  DUPLICATE_KEY: { detail: 'this key stands here twice', remedy: 'keep one of the two' },
  TAB_AS_INDENT: { detail: 'a tab indents this line', remedy: 'indent with spaces' },
  BAD_INDENT: {
    detail: 'this line is indented differently from those beside it',
    remedy: 'align it with them',
  },
  MISSING_CHAR: { detail: 'a closing quote, bracket or colon is missing before here' },
};

function wording(code: string, message: string): Pick<PolicyProblem, 'detail' | 'remedy'> {
  return remedies[code] ?? { detail: `is not valid YAML: ${message}` };
}

function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

type Parsed = Document.Parsed;

/** Offset of what a path leads to; where that is missing, of what it is missing from. */
function locate(document: Parsed, path: readonly (string | number)[], what: 'key' | 'value'): number {
  let node = document.contents as Node | null;
  let shownAt = startOf(node);
  for (const [index, part] of path.entries()) {
    const container = isAlias(node) ? node.resolve(document) : node;
    const child = childOf(container, part);
    if (child === undefined) break;
    node = child.value;
    const wantsKey =
      (what === 'key' && index === path.length - 1) || node === null || startsBelowItsKey(node);
    shownAt = wantsKey ? child.keyOffset : startOf(node);
  }
  return shownAt;
}

/** A map or list of several lines is shown by its key. */
function startsBelowItsKey(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && node.flow !== true;
}

function childOf(
  node: Node | null | undefined,
  part: string | number,
): { readonly value: Node | null; readonly keyOffset: number } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && keyOf(item) === String(part));
    if (pair === undefined) return undefined;
    return { value: pair.value as Node | null, keyOffset: startOf(pair.key as Node) };
  }
  if (isSeq(node) && typeof part === 'number') {
    const item = node.items[part] as Node | undefined;
    return item === undefined ? undefined : { value: item, keyOffset: startOf(item) };
  }
  return undefined;
}

function keyOf({ key }: Pair): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}
