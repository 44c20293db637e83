/** Measurement and tags of a series, as `SHOW SERIES` prints them: `cpu,host=a\,b,zone=eu`. */
export function parseSeriesKey(key: string): {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
} {
  const [measurement = '', ...pairs] = key.split(/(?<!\\),/);
  const tags = pairs.map((pair) => pair.split(/(?<!\\)=/).map(unescaped));
  return {
    measurement: unescaped(measurement),
    tags: Object.fromEntries(tags.map(([name = '', value = '']) => [name, value])),
  };
}

const unescaped = (text: string): string => text.replace(/\\([,= ])/g, '$1');
