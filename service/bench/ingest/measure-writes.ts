import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { Load } from './loads.js';

/** `USER_HZ` of Linux: ticks of processor time a second. */
const TICKS_PER_SECOND = 100;

export interface Receiver {
  readonly url: string;
  readonly pid: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Measured {
  readonly samples: number;
  readonly seconds: number;
  /** Processor time of the receiver. */
  readonly cpuSeconds: number;
  /** Resident memory of the receiver at its highest. */
  readonly peakBytes: number;
}

/**
 * Writes scrapes into a receiver, some requests at a time, as fast as it acknowledges them. Bodies are made before, so that only the receiver is
 * measured.
 * @throws Error when a write is refused
 */
export async function measureWrites(
  receiver: Receiver,
  load: Load,
  options: { readonly series: number; readonly scrapes: number; readonly concurrency: number },
): Promise<Measured> {
  const { series, scrapes, concurrency } = options;
  const fromMs = Date.now() - scrapes * 15_000;
  const bodies = Array.from({ length: scrapes }, (_, turn) => load.scrape(fromMs + turn * 15_000, turn));
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  // The first scrape makes the series, which happens once in their life.
  await inParallel(bodies[0] ?? [], concurrency, (body) => post(receiver, load, body, agent));
  const cpuBefore = cpuSeconds(receiver.pid);
  const startedAt = performance.now();
  for (const scrape of bodies.slice(1))
    await inParallel(scrape, concurrency, (body) => post(receiver, load, body, agent));
  const seconds = (performance.now() - startedAt) / 1_000;
  agent.destroy();
  return {
    samples: series * (scrapes - 1),
    seconds,
    cpuSeconds: cpuSeconds(receiver.pid) - cpuBefore,
    peakBytes: peakBytes(receiver.pid),
  };
}

async function inParallel<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

function post({ url, headers }: Receiver, load: Load, body: Uint8Array, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url + load.path,
      { method: 'POST', agent, headers: { ...load.headers, ...headers } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => {
          if (answer.statusCode === 204 || answer.statusCode === 200) resolve();
          else reject(new Error(`${url}${load.path}: ${answer.statusCode ?? 0} ${text}`));
        });
      },
    );
    sent.on('error', reject).end(body);
  });
}

/** User and system time so far. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function peakBytes(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) * 1_024;
}
