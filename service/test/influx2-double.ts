import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A table of an answer; the group key makes the series. */
export interface FluxTable {
  readonly group: Readonly<Record<string, string>>;
  /** Time (RFC 3339) and value as they stand in the CSV. */
  readonly rows: readonly (readonly [time: string, value: string])[];
  /** Default `double`. */
  readonly type?: string;
}

/** Answers a script with tables, or with the error that the server would give. */
export type FluxAnswer =
  | { readonly tables: readonly FluxTable[] }
  | { readonly status: number; readonly code: string; readonly message: string }
  /** An error after the answer has begun: a table of its own, with status 200. */
  | { readonly tables: readonly FluxTable[]; readonly failsWith: string };

const HEAD = { group: ['_start', '_stop'], plain: ['_time', '_value'] };

/**
 * Stands in for InfluxDB 2.x, which no Debian package offers: `/api/v2/query` with a token, an organisation, and annotated CSV in the
 * form that the server writes (annotations first, CRLF, an empty line behind each table).
 */
export async function startInflux2Double(answer: (flux: string) => FluxAnswer) {
  const scripts: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://double');
      const refuse = (status: number, code: string, message: string) =>
        response
          .writeHead(status, {
            'content-type': 'application/json; charset=utf-8',
            'x-platform-error-code': code,
          })
          .end(JSON.stringify({ code, message }));
      if (url.pathname !== '/api/v2/query') return refuse(404, 'not found', 'path not found');
      if (request.headers.authorization !== 'Token right')
        return refuse(401, 'unauthorized', 'unauthorized access');
      if (url.searchParams.get('org') !== 'acme')
        return refuse(404, 'not found', `organization name "${url.searchParams.get('org') ?? ''}" not found`);
      const script = (JSON.parse(text) as { query: string }).query;
      scripts.push(script);
      const given = answer(script);
      if ('status' in given) return refuse(given.status, given.code, given.message);
      return response
        .writeHead(200, { 'content-type': 'text/csv; charset=utf-8' })
        .end(annotatedCsv(given.tables) + ('failsWith' in given ? errorTable(given.failsWith) : ''));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    scripts,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Tables in the CSV dialect that the client asks for. */
export function annotatedCsv(tables: readonly FluxTable[]): string {
  return tables
    .map(({ group, rows, type = 'double' }, index) => {
      const tags = Object.keys(group);
      const time = 'dateTime:RFC3339';
      const lines = [
        ['#datatype', 'string', 'long', time, time, time, type, ...tags.map(() => 'string')],
        ['#group', 'false', 'false', 'true', 'true', 'false', 'false', ...tags.map(() => 'true')],
        ['#default', '_result', '', '', '', '', '', ...tags.map(() => '')],
        ['', 'result', 'table', ...HEAD.group, ...HEAD.plain, ...tags],
        ...rows.map(([at, value]) => [
          ...['', '', String(index), '2026-01-05T00:00:00Z', '2026-01-06T00:00:00Z', at, value],
          ...tags.map((tag) => cell(group[tag] ?? '')),
        ]),
      ];
      return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n\r\n`;
    })
    .join('');
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function errorTable(message: string): string {
  return [
    '#datatype,string,string',
    '#group,true,true',
    '#default,,',
    ',error,reference',
    `,${cell(message)},`,
    '',
  ]
    .map((line) => `${line}\r\n`)
    .join('');
}
