/** A place in a file that people can go to; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing to mend in a policy file. */
export interface PolicyProblem extends Place {
  /** Where in the document, such as `metrics[0].alhpa`; empty for the document itself. */
  readonly key: string;
  readonly detail: string;
  readonly remedy?: string;
}

/**
 * One line, as compilers write it, so that editors and terminals can jump there.
 * @example 'cart.yaml:3:1: alhpa: unknown field "alhpa"; did you mean "alpha"?'
 */
export function describeProblem({ file, line, column, key, detail, remedy }: PolicyProblem): string {
  const where = key === '' ? '' : `${key}: `;
  return `${file}:${line}:${column}: ${where}${detail}${remedy === undefined ? '' : `; ${remedy}`}`;
}

/** @example keyText(['metrics', 0, 'signal']) // 'metrics[0].signal' */
export function keyText(path: readonly (string | number)[]): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w$-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** By file, line and column. */
export function inOrder(problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  return [...problems].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
}
