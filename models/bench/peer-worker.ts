/** A thread of peers, for the quality bench: the methods that Bellwether is measured against, away from the thread that reads cases. */
import { parentPort } from 'node:worker_threads';
import { answerPeerRequest } from './answer-peer-request.js';
import type { PeerRequest } from './peer-messages.js';

parentPort?.on('message', (request: PeerRequest) => parentPort?.postMessage(answerPeerRequest(request)));
