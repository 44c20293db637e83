/** What the quality bench of the service needs of the peers. */
export { answerPeerRequest } from './answer-peer-request.js';
export type { PeerDescription, PeerReply, PeerRequest } from './peer-messages.js';
export type { PeerWindow } from './peers/peer.js';
