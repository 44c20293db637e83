import { webAddress } from '../api/scalars.js';
import type { Link } from '../domain/deployment.js';

/** A link for people, unless the address is none that may be shown. */
export function linkTo(title: string, url: string | null | undefined): readonly Link[] {
  return webAddress.safeParse(url).success ? [{ title, url: url ?? '' }] : [];
}
