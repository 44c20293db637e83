import { css } from '@emotion/css';
import {
  type DataFrame,
  dateTimeFormat,
  type Field,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  type GrafanaTheme2,
} from '@grafana/data';
import { TooltipDisplayMode, type TimeZone } from '@grafana/schema';
import { Button, SeriesTable, useStyles2 } from '@grafana/ui';
import { Evidence } from '../verdicts/evidence.js';
import type { Region } from '../verdicts/region.js';
import { DeploymentActions } from '../rollback/deployment-actions.js';
import { say } from '../words/say.js';

/** More deployments at one moment than these are only counted. */
const MOST_DEPLOYMENTS = 2;

interface Props {
  readonly plot: {
    readonly cursor: { readonly left?: number };
    posToVal(position: number, scale: string): number;
  };
  readonly frame: DataFrame;
  readonly dataIndexes: readonly (number | null)[];
  readonly seriesIndex: number | null;
  readonly isPinned: boolean;
  readonly mode: TooltipDisplayMode;
  readonly regions: readonly Region[];
  readonly timeZone: TimeZone;
  readonly onChoose: (id: string) => void;
  readonly onDismiss: () => void;
}

/** What stands under the pointer: the series' values, and the deployments of that moment with their evidence. */
export function ChartTooltip({
  plot,
  frame,
  dataIndexes,
  seriesIndex,
  isPinned,
  mode,
  regions,
  timeZone,
  onChoose,
  onDismiss,
}: Props) {
  const styles = useStyles2(getStyles);
  const atMs = plot.posToVal(plot.cursor.left ?? 0, 'x');
  const here = regions.filter(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs).toReversed();
  const shown = mode === TooltipDisplayMode.None ? [] : seriesAt(frame, dataIndexes, mode, seriesIndex);
  return (
    <div className={styles.tooltip} data-testid="bellwether-tooltip">
      <SeriesTable timestamp={dateTimeFormat(atMs, { timeZone })} series={shown} />
      {here.slice(0, MOST_DEPLOYMENTS).map((region) => (
        <div key={region.id} className={styles.deployment}>
          <Evidence region={region} timeZone={timeZone} />
          {isPinned && (
            <>
              <DeploymentActions region={region} onAsked={onDismiss} />
              <Button size="sm" fill="text" onClick={() => onChoose(region.id)}>
                {say('panel.focus')}
              </Button>
            </>
          )}
        </div>
      ))}
      {here.length > MOST_DEPLOYMENTS && (
        <p>{say('cluster.more', { count: here.length - MOST_DEPLOYMENTS })}</p>
      )}
      {here.length > 0 && !isPinned && <em>{say('panel.pin')}</em>}
    </div>
  );
}

function seriesAt(
  frame: DataFrame,
  dataIndexes: readonly (number | null)[],
  mode: TooltipDisplayMode,
  seriesIndex: number | null,
) {
  return frame.fields.flatMap((field, index) => {
    const row = dataIndexes[index] ?? null;
    const isOther = mode === TooltipDisplayMode.Single && seriesIndex !== null && seriesIndex !== index;
    if (field.type !== FieldType.number || row === null || isOther || isHidden(field)) return [];
    const value: unknown = field.values[row];
    if (typeof value !== 'number') return [];
    const shown = field.display?.(value);
    return [
      {
        label: getFieldDisplayName(field, frame),
        value: shown === undefined ? String(value) : formattedValueToString(shown),
        ...(shown?.color === undefined ? {} : { color: shown.color }),
        isActive: seriesIndex === index,
      },
    ];
  });
}

function isHidden({ config }: Field): boolean {
  const custom: unknown = config.custom;
  return (
    typeof custom === 'object' &&
    custom !== null &&
    'hideFrom' in custom &&
    typeof custom.hideFrom === 'object' &&
    custom.hideFrom !== null &&
    'tooltip' in custom.hideFrom &&
    custom.hideFrom.tooltip === true
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    tooltip: css({ padding: theme.spacing(1), maxHeight: 480, overflowY: 'auto', whiteSpace: 'normal' }),
    deployment: css({
      borderTop: `1px solid ${theme.colors.border.weak}`,
      paddingTop: theme.spacing(1),
      marginTop: theme.spacing(1),
    }),
  };
}
