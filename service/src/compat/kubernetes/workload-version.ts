import { oneLine } from '../one-line.js';
import type { Workload } from './workload.js';

const VERSION_LABEL = 'app.kubernetes.io/version';

/** What runs: the version label of the pods, else the tag or digest of the first container's image. */
export function workloadVersion({ spec }: Workload): string | undefined {
  const label = oneLine(spec.template?.metadata?.labels?.[VERSION_LABEL], 200);
  if (label !== undefined) return label;
  const image = spec.template?.spec?.containers[0]?.image ?? '';
  const [name = '', digest] = image.split('@', 2);
  // A colon before the last slash is that of a port.
  const tag = name.slice(name.lastIndexOf('/') + 1).split(':', 2)[1];
  return oneLine(tag ?? digest ?? image, 200);
}
