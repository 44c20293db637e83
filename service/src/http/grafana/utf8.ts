/** The text of a header that was sent as UTF-8, which Grafana does: Node reads headers as Latin-1. */
export function utf8(header: string): string {
  return Buffer.from(header, 'latin1').toString('utf8');
}
