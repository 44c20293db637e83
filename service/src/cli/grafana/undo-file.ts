import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { CommandError } from '../command-error.js';
import type { QueryChange } from '../../api/annotation-query.js';
import type { Folder } from './grafana-api.js';

const placed = z.array(z.object({ index: z.int().min(0), query: z.record(z.string(), z.unknown()) }));

const content = z.object({
  bellwetherUndo: z.literal(1),
  grafana: z.string(),
  at: z.string(),
  dashboards: z.array(
    z.object({ uid: z.string(), title: z.string(), change: z.object({ removed: placed, added: placed }) }),
  ),
});

/** The way back from what was changed. */
export interface UndoRecord {
  readonly grafana: string;
  readonly dashboards: readonly (Folder & { readonly change: QueryChange })[];
}

/**
 * Keeps the way back in a file, rewritten before each change.
 * @throws CommandError when there is a file already: it may be the way back from something else
 */
export function openUndoFile(file: string, grafana: string, at: string) {
  if (existsSync(file))
    throw new CommandError(`--undo: ${file} is there already; give another name, or move it away`);
  const dashboards = new Map<string, UndoRecord['dashboards'][number]>();
  return {
    add(dashboard: Folder, change: QueryChange): void {
      dashboards.set(dashboard.uid, { ...dashboard, change });
      const record = { bellwetherUndo: 1, grafana, at, dashboards: [...dashboards.values()] };
      try {
        writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
      } catch (cause) {
        const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
        throw new CommandError(
          `the way back can't be written to ${file} (${code}), so the dashboard was not changed; give --undo a file that can be written`,
          { cause },
        );
      }
    },
  };
}

/** @throws CommandError when it is no file of ours, or of another Grafana */
export function readUndoFile(file: string, grafana: string): UndoRecord {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new CommandError(`${file} can't be read (${code}); give the file that attach or detach wrote`, {
      cause,
    });
  }
  const result = content.safeParse(parsed(text));
  if (!result.success)
    throw new CommandError(`${file} is no undo file; give the one that attach or detach wrote`);
  if (result.data.grafana !== grafana)
    throw new CommandError(
      `${file} is of the Grafana at ${result.data.grafana}, not of ${grafana}; set --grafana to it`,
    );
  return result.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
