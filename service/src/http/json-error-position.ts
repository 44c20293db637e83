const tokens = {
  string: /"(?:[^"\\\p{Cc}]|\x7f|[\u0080-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy,
  scalar: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y,
} as const;

/**
 * Where a text stops being JSON: the offset of the first character that cannot stand where it stands (the length of the text
 * when it ends too early), or undefined when it is JSON. Engines name the position in some of their messages only.
 *
 * Source: the grammar of RFC 8259, read with an explicit stack, so that deep nesting cannot exhaust the call stack.
 * @example jsonErrorPosition('{"a": tru}') // 6
 */
export function jsonErrorPosition(text: string): number | undefined {
  const closers: ('}' | ']')[] = [];
  let at = skipSpace(text, 0);
  let expects: Expectation = 'value';
  while (expects !== 'end') {
    const step = advance(text, at, expects, closers);
    if (step === undefined) return at;
    at = skipSpace(text, step.at);
    expects = step.expects;
  }
  return at === text.length ? undefined : at;
}

type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or close' | 'end';
interface Step {
  readonly at: number;
  readonly expects: Expectation;
}

function advance(text: string, at: number, expects: Expectation, closers: ('}' | ']')[]): Step | undefined {
  switch (expects) {
    case 'value':
      return value(text, at, closers);
    case 'value or ]':
      return text[at] === ']' ? close(at, closers) : value(text, at, closers);
    case 'key or }':
      return text[at] === '}' ? close(at, closers) : key(text, at);
    case 'key':
      return key(text, at);
    case 'colon':
      return text[at] === ':' ? { at: at + 1, expects: 'value' } : undefined;
    case 'comma or close':
      return commaOrClose(text, at, closers);
    case 'end':
      return undefined;
  }
}

function value(text: string, at: number, closers: ('}' | ']')[]): Step | undefined {
  if (text[at] === '{') {
    closers.push('}');
    return { at: at + 1, expects: 'key or }' };
  }
  if (text[at] === '[') {
    closers.push(']');
    return { at: at + 1, expects: 'value or ]' };
  }
  const end = match(text[at] === '"' ? tokens.string : tokens.scalar, text, at);
  return end === undefined ? undefined : { at: end, expects: after(closers) };
}

function key(text: string, at: number): Step | undefined {
  const end = match(tokens.string, text, at);
  return end === undefined ? undefined : { at: end, expects: 'colon' };
}

function commaOrClose(text: string, at: number, closers: ('}' | ']')[]): Step | undefined {
  const closer = closers.at(-1);
  if (text[at] === closer) return close(at, closers);
  if (text[at] !== ',') return undefined;
  return { at: at + 1, expects: closer === '}' ? 'key' : 'value' };
}

function close(at: number, closers: ('}' | ']')[]): Step {
  closers.pop();
  return { at: at + 1, expects: after(closers) };
}

function after(closers: readonly string[]): Expectation {
  return closers.length === 0 ? 'end' : 'comma or close';
}

function match(token: RegExp, text: string, at: number): number | undefined {
  token.lastIndex = at;
  return token.test(text) ? token.lastIndex : undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1;
  return at;
}
