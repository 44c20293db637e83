import { Badge } from '@grafana/ui';
import { badgeText } from './describe-region.js';
import type { Region } from './region.js';
import { verdictLook } from './verdict-look.js';

/** The verdict of a deployment: colour, sign and word. */
export function VerdictBadge({ region }: { readonly region: Region }) {
  const { color, sign } = verdictLook(region.verdict);
  return <Badge color={color} text={`${sign} ${badgeText(region)}`} />;
}
