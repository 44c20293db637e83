import { crossValidatedProbabilities } from './cross-validated-curve.js';
import type { PeerReply, PeerRequest } from './peer-messages.js';
import { allPeers } from './peers/all-peers.js';
import { runPeer } from './peers/run-peer.js';

/** What every peer says of a window, what peers there are, and how the probability does where it was not fitted. */
export function answerPeerRequest(request: PeerRequest): PeerReply {
  switch (request.kind) {
    case 'describe':
      return {
        kind: 'described',
        peers: allPeers.map(({ name, title, source, cadence }) => ({ name, title, source, cadence })),
      };
    case 'judge':
      return {
        kind: 'judged',
        verdicts: Object.fromEntries(allPeers.map((peer) => [peer.name, runPeer(peer, request.window)])),
      };
    case 'cross-validate':
      return { kind: 'cross-validated', probabilities: crossValidatedProbabilities(request.cases) };
  }
}
