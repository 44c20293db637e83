import type { WireVerdict } from '../../api/verdict.js';
import { percent } from './numbers.js';

/** Explanations with a smaller share are not worth a line. */
const LEAST_SHARE = 0.1;

/** Whose doing a shift is: the sentence, and the other explanations that have a share worth naming. */
export function attributionLines({
  attribution,
  deploymentId,
}: Pick<WireVerdict, 'attribution' | 'deploymentId'>): readonly string[] {
  if (attribution === undefined) return [];
  const { sentence, candidates } = attribution;
  const others = candidates.filter(
    ({ deployment, share }) => deployment !== deploymentId && share >= LEAST_SHARE,
  );
  return [
    sentence,
    ...others.map(({ deployment, service = '', version = '', share, reasons }) => {
      const name = deployment === undefined ? 'something else' : `${service} ${version} (${deployment})`;
      return `${percent(share)} ${name}: ${reasons.join(', ')}`;
    }),
  ];
}
