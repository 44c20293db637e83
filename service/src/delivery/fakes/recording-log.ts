import type { DeliveryLog } from '../port.js';

/** A log that keeps its lines as `level message`. */
export function createRecordingLog(): DeliveryLog & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const at = (level: string) => (_fields: object, message: string) => void lines.push(`${level} ${message}`);
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
}
