import { dateTimeFormat } from '@grafana/data';

/** A time as the user's Grafana writes it, in one piece. */
export function Moment({ at }: { readonly at: number | string }) {
  return (
    <time dateTime={new Date(at).toISOString()} style={{ whiteSpace: 'nowrap' }}>
      {dateTimeFormat(at)}
    </time>
  );
}
