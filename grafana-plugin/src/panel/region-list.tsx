import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import type { TimeZone } from '@grafana/schema';
import { useStyles2 } from '@grafana/ui';
import { type KeyboardEvent, memo, useState } from 'react';
import type { Region } from '../verdicts/region.js';
import { say } from '../words/say.js';
import { RegionEntry } from './region-entry.js';
import { useIsPainted } from './use-is-painted.js';

/** Further ones are on the chart and in the app: a list of hundreds is no list. */
const MOST_SHOWN = 12;

interface Props {
  readonly regions: readonly Region[];
  readonly chosenId: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly isLoading: boolean;
  readonly isUnknown: boolean;
  /** Whose deployments these are; empty: everybody's. */
  readonly service: string;
  readonly height: number;
  readonly timeZone: TimeZone;
}

/**
 * Deployments in one line, newest first: the way to the evidence and the rollback for those who use no pointer. Kept as it is while the
 * chart alone moves.
 */
export const RegionList = memo(function RegionList({
  regions,
  chosenId,
  onChoose,
  isLoading,
  isUnknown,
  service,
  height,
  timeZone,
}: Props) {
  const styles = useStyles2(getStyles);
  const [openId, setOpenId] = useState<string>();
  const isPainted = useIsPainted();
  const shown = regions.toReversed().slice(0, MOST_SHOWN);
  return (
    <div
      className={styles.list}
      style={{ height }}
      role="toolbar"
      aria-label={say('panel.list')}
      data-testid="region-list"
      onKeyDown={moveFocus}
    >
      {shown.map((region) => (
        <RegionEntry
          key={region.id}
          region={region}
          isChosen={region.id === chosenId}
          isOpen={region.id === openId}
          hasTip={isPainted}
          timeZone={timeZone}
          onChoose={onChoose}
          onOpen={setOpenId}
        />
      ))}
      {regions.length > MOST_SHOWN && (
        <span>{say('cluster.more', { count: regions.length - MOST_SHOWN })}</span>
      )}
      {regions.length === 0 && (
        <span className={styles.empty}>
          {isUnknown ? say('panel.unknown') : emptyText(isLoading, service)}
        </span>
      )}
    </div>
  );
});

function emptyText(isLoading: boolean, service: string): string {
  if (isLoading) return say('panel.loading');
  return service === '' ? say('panel.none-anywhere') : say('panel.none', { service });
}

/** The arrow keys go from one deployment to the next, as in every toolbar. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const chips = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button[data-verdict]')];
  const at = chips.findIndex((chip) => chip === document.activeElement);
  const next = chips[Math.min(chips.length - 1, Math.max(0, at + step))];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

function getStyles(theme: GrafanaTheme2) {
  return {
    list: css({
      display: 'flex',
      gap: theme.spacing(0.5),
      alignItems: 'center',
      overflowX: 'auto',
      whiteSpace: 'nowrap',
      fontSize: theme.typography.bodySmall.fontSize,
      padding: '2px',
    }),
    empty: css({ color: theme.colors.text.secondary }),
  };
}
