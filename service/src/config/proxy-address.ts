import { isIP } from 'node:net';
import { z } from 'zod';

/** Names of address ranges that stand for themselves. */
const RANGES = ['loopback', 'linklocal', 'uniquelocal'];

/** A proxy whose `x-forwarded-for` is believed: an address, a CIDR range, or the name of a range. */
export const proxyAddress = z
  .string()
  .refine(
    isProxyAddress,
    `is no address; give an IP address, a range such as "10.0.0.0/8", or one of ${RANGES.join(', ')}`,
  );

function isProxyAddress(text: string): boolean {
  if (RANGES.includes(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  // A range of every address would believe everybody.
  return (
    bits === undefined ||
    (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  );
}
