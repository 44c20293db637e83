import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';

/** A plain table that screen readers and narrow windows can cope with. */
export function DataTable({
  caption,
  columns,
  rows,
}: {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, index) => (
                <td key={columns[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    frame: css({ overflowX: 'auto', marginBottom: theme.spacing(3) }),
    table: css({
      width: '100%',
      caption: { captionSide: 'top', color: theme.colors.text.secondary },
      'th, td': {
        padding: theme.spacing(0.75, 1),
        textAlign: 'left',
        verticalAlign: 'top',
        borderBottom: `1px solid ${theme.colors.border.weak}`,
        // Names of outside may be one long word; what is usual is never broken.
        overflowWrap: 'break-word',
        maxWidth: 720,
        // Narrower ones would be towers of single words; the table scrolls sideways before that.
        minWidth: 120,
      },
      th: { color: theme.colors.text.secondary, whiteSpace: 'nowrap' },
    }),
  };
}
