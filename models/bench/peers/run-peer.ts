import type { Peer, PeerVerdict, PeerWindow } from './peer.js';

/**
 * Lets a peer judge a window look by look, each look cut off from what came after it. The first alarm decides; the score goes on to the
 * end of the watch, which favours the peer: a method that alarms early on everything would otherwise have no evidence to rank by.
 *
 * @returns `inconclusive` when there was nothing to judge at any look
 */
export function runPeer(peer: Peer, window: PeerWindow): PeerVerdict {
  const { intervalMs, looks, metrics } = window;
  const read = peer.begin({
    intervalMs,
    looks,
    metrics: metrics.map(({ kind, direction, past }) => ({ kind, direction, past })),
  });
  let isJudged = false;
  let score = 0;
  let alarm: number | undefined;
  for (let look = peer.cadence === 'once' ? looks : 1; look <= looks; look++) {
    const reading = read(
      metrics.map(({ treatment, control }) => ({
        // Copies: a view would still give access to what lies behind it.
        treatment: treatment.slice(0, look),
        ...(control === undefined ? {} : { control: control.slice(0, look) }),
      })),
    );
    isJudged ||= reading.isJudged;
    score = Math.max(score, reading.score);
    if (reading.isAlarm) alarm ??= look;
  }
  if (alarm !== undefined) return { verdict: 'rollback', look: alarm, score };
  return { verdict: isJudged ? 'continue' : 'inconclusive', look: looks, score };
}
