import type { GroupedCase } from './cross-validated-curve.js';
import type { Peer, PeerVerdict, PeerWindow } from './peers/peer.js';

/** What is known of a peer outside its thread. */
export type PeerDescription = Pick<Peer, 'name' | 'title' | 'source' | 'cadence'>;

/** What a thread of peers is asked; one question at a time. */
export type PeerRequest =
  | { readonly kind: 'describe' }
  | { readonly kind: 'judge'; readonly window: PeerWindow }
  | { readonly kind: 'cross-validate'; readonly cases: readonly GroupedCase[] };

/** Its answer. */
export type PeerReply =
  | { readonly kind: 'described'; readonly peers: readonly PeerDescription[] }
  | { readonly kind: 'judged'; readonly verdicts: Readonly<Record<string, PeerVerdict>> }
  | { readonly kind: 'cross-validated'; readonly probabilities: readonly number[] };
