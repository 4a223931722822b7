/** The master: answers every viewer's offer, and keeps a conversation with each. */
import { withPresence } from './conversation';
import type { Log } from './log';
import { displayNameOf } from './names';
import { Session } from './session';
import type { SessionOptions } from './session';

export class MasterSession extends Session {
  constructor(options: SessionOptions, log: Log) {
    super('MASTER', { ...options, clientId: undefined }, log);
  }

  /** To every viewer that is here or on its way; who has left hears nothing of it. False when one could not take it. */
  sayToAll(text: string): boolean {
    const reached = this.conversations.value.filter((conversation) => conversation.presence !== 'left');
    return reached.map((conversation) => this.say(conversation.id, text)).every(Boolean);
  }

  /** Viewers call; established calls go on without the link. */
  protected onLinkOpen(): void {
    this.write('info', 'Waiting for viewers');
  }

  protected override async onOffer(offer: RTCSessionDescriptionInit, from: string): Promise<void> {
    this.write('info', `Received SDP offer from client: ${from}`);
    const isBack = this.conversations.value.some((conversation) => conversation.id === from);
    this.ensureConversation(from, this.nameFor(from), 'connecting');
    const peer = this.newPeer(from, (candidate) => this.link.sendCandidate(candidate, from));
    try {
      const answer = await peer.answer(offer, this.tracks.value);
      // A newer offer of the same viewer may have come meanwhile.
      if (this.peers.get(from) !== peer) return;
      const isSent = this.link.sendAnswer(answer, from);
      this.mark('answer');
      this.write(
        'info',
        `${isSent ? 'Sent SDP answer' : 'The SDP answer waits for the service, to go'} to client: ${from}`,
      );
      if (isBack) this.note(from, `${this.nameOf(from)} is calling again.`);
    } catch (error) {
      this.write('error', `The offer of ${from} could not be answered: ${(error as Error).message}`);
    }
  }

  protected onCandidate(candidate: RTCIceCandidateInit, from: string): void {
    this.write('debug', `Received ICE candidate from client: ${from}`);
    this.peers.get(from)?.addCandidate(candidate);
  }

  protected onPeerGone(id: string, why: string): void {
    this.peers.get(id)?.close();
    this.peers.delete(id);
    this.link.forgetCandidates(id);
    this.write('info', `Viewer ${why === 'failed' ? 'lost' : 'left'}: ${id}`);
    this.change(id, (conversation) => withPresence(conversation, 'left'));
    this.note(id, `${this.nameOf(id)} ${why === 'failed' ? 'was lost: no network path was left.' : 'left.'}`);
  }

  private nameOf(id: string): string {
    return this.conversations.value.find((conversation) => conversation.id === id)?.name ?? id;
  }

  /** The readable part of the id, unless somebody else who is here has the same. */
  private nameFor(id: string): string {
    const name = displayNameOf(id);
    const isTaken = this.conversations.value.some(
      (other) => other.id !== id && other.name === name && other.presence !== 'left',
    );
    return isTaken ? id : name;
  }
}
