import { deviationPeers } from './deviation-peers.js';
import { kayentaPeers } from './kayenta/kayenta-peer.js';
import type { Peer } from './peer.js';
import { predictorPeer } from './predictor-peer.js';
import { seasonalResiduals } from './seasonal-residual.js';
import { significanceTests } from './significance-peers.js';
import { thresholdPeers } from './threshold-peers.js';

/** Every peer at its published or customary defaults, in the order of the tables. */
export const allPeers: readonly Peer[] = [
  ...kayentaPeers,
  ...significanceTests,
  ...deviationPeers,
  ...thresholdPeers,
  ...seasonalResiduals,
  predictorPeer,
];
