import type { Controls } from '../domain/rollback.js';
import type { Reader } from '../store/port.js';

/** Controls under this project hold for all of them. */
const EVERYWHERE = '*';

/**
 * What holds for a project right now: its own controls together with those for all projects. A kill switch on either side is on, and the
 * later end of two freezes counts; the wider switch gives the reason.
 */
export async function controlsInForce(reader: Pick<Reader, 'controls'>, project: string): Promise<Controls> {
  const [everywhere, own] = [await reader.controls(EVERYWHERE), await reader.controls(project)];
  const reasons = [everywhere, own].flatMap((c) =>
    c.killSwitch && c.killSwitchReason !== undefined ? [c.killSwitchReason] : [],
  );
  const freezes = [everywhere, own].flatMap((c) => (c.freezeUntilMs === undefined ? [] : [c.freezeUntilMs]));
  return {
    killSwitch: everywhere.killSwitch || own.killSwitch,
    ...(reasons[0] === undefined ? {} : { killSwitchReason: reasons[0] }),
    ...(freezes.length === 0 ? {} : { freezeUntilMs: Math.max(...freezes) }),
  };
}
