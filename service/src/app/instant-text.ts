/** Milliseconds since 1970 as an RFC 3339 time in UTC. */
export function instantText(ms: number): string {
  return new Date(ms).toISOString();
}

/** A time that may be absent, under the name it has on the wire. */
export function optionalInstant<Name extends string>(
  name: Name,
  ms: number | undefined,
): { readonly [K in Name]?: string } {
  return (ms === undefined ? {} : { [name]: instantText(ms) }) as { readonly [K in Name]?: string };
}
