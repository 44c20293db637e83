import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import type { TimeZone } from '@grafana/schema';
import { Toggletip, useStyles2 } from '@grafana/ui';
import { DeploymentActions } from '../rollback/deployment-actions.js';
import { badgeText, changeLine } from '../verdicts/describe-region.js';
import { Evidence } from '../verdicts/evidence.js';
import type { Region } from '../verdicts/region.js';
import { verdictMark } from '../verdicts/verdict-look.js';

interface Props {
  readonly region: Region;
  readonly isChosen: boolean;
  readonly isOpen: boolean;
  /** A closed tip is no more than its button: false leaves the tip away, which takes longer to make than all the rest. */
  readonly hasTip: boolean;
  readonly timeZone: TimeZone;
  readonly onChoose: (id: string) => void;
  readonly onOpen: (id: string | undefined) => void;
}

/** A deployment of the list: its verdict on a button that opens the evidence and what can be done. */
export function RegionEntry({ region, isChosen, isOpen, hasTip, timeZone, onChoose, onOpen }: Props) {
  const styles = useStyles2(getStyles);
  const { color, sign } = verdictMark(region.verdict);
  const button = (
    <button
      type="button"
      className={cx(styles.entry, isChosen && styles.chosen)}
      aria-label={`${changeLine(region)}: ${badgeText(region)}`}
      aria-pressed={isChosen}
      data-verdict={region.verdict}
      onFocus={() => onChoose(region.id)}
    >
      <span className={styles[color]} aria-hidden>
        {sign}
      </span>{' '}
      {region.deployment.service} {region.deployment.version} · {badgeText(region)}
    </button>
  );
  if (!hasTip) return button;
  const close = (): void => onOpen(undefined);
  return (
    <Toggletip
      placement="bottom-start"
      fitContent
      show={isOpen}
      onOpen={() => onOpen(region.id)}
      onClose={close}
      content={
        <>
          <Evidence region={region} timeZone={timeZone} />
          <DeploymentActions region={region} onAsked={close} />
        </>
      }
    >
      {button}
    </Toggletip>
  );
}

function getStyles(theme: GrafanaTheme2) {
  const text = (color: string) =>
    css({ color: theme.visualization.getColorByName(color), fontWeight: 'bold' });
  return {
    entry: css({
      border: `1px solid ${theme.colors.border.medium}`,
      borderRadius: theme.shape.radius.pill,
      background: theme.colors.background.secondary,
      color: theme.colors.text.primary,
      padding: theme.spacing(0.25, 1),
    }),
    chosen: css({ borderColor: theme.colors.primary.border, borderWidth: 2 }),
    green: text('green'),
    red: text('red'),
    orange: text('orange'),
    blue: text('blue'),
    purple: text('purple'),
  };
}
