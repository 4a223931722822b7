/** A viewer: calls the master, and calls again until it answers. */
import { Backoff } from './backoff';
import { withPresence } from './conversation';
import type { Log } from './log';
import { Session } from './session';
import type { SessionOptions } from './session';

const MASTER = 'MASTER';

export class ViewerSession extends Session {
  private readonly again = new Backoff(1000, 15_000);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SessionOptions, log: Log) {
    super('VIEWER', options, log);
    this.ensureConversation(MASTER, 'Master', 'waiting');
  }

  override stop(): void {
    clearTimeout(this.timer);
    super.stop();
  }

  /** A call that is up goes on over a new link; one that is not is made anew. */
  protected onLinkOpen(): void {
    if (!this.peers.get(MASTER)?.isOpen) void this.makeCall();
  }

  protected override async onAnswer(answer: RTCSessionDescriptionInit): Promise<void> {
    this.write('info', 'Received SDP answer');
    this.again.reset();
    this.mark('answer');
    clearTimeout(this.timer);
    this.change(MASTER, (conversation) => withPresence(conversation, 'connecting'));
    try {
      await this.peers.get(MASTER)?.acceptAnswer(answer);
    } catch (error) {
      // An answer to an earlier offer: the one to the newest will follow.
      this.write('debug', `answer not used: ${(error as Error).message}`);
    }
  }

  protected onCandidate(candidate: RTCIceCandidateInit): void {
    this.write('debug', 'Received ICE candidate from the master');
    this.peers.get(MASTER)?.addCandidate(candidate);
  }

  protected onPeerGone(_id: string, why: string): void {
    this.peers.get(MASTER)?.close();
    this.peers.delete(MASTER);
    this.write(
      why === 'failed' ? 'warn' : 'info',
      why === 'failed' ? 'The connection to the master failed' : 'The master left',
    );
    this.note(
      MASTER,
      why === 'failed'
        ? 'No network path to the master was left. Calling again; if that goes on, try "Relay only" under Advanced.'
        : 'left; calling again',
    );
    this.change(MASTER, (conversation) => withPresence(conversation, 'waiting'));
    this.callLater();
  }

  private async makeCall(): Promise<void> {
    clearTimeout(this.timer);
    if (this.isStopped || !this.link.isOpen) return;
    this.change(MASTER, (conversation) => withPresence(conversation, 'waiting'));
    this.link.forgetCandidates();
    const peer = this.newPeer(MASTER, (candidate) => this.link.sendCandidate(candidate));
    try {
      const offer = await peer.makeOffer(this.tracks.value);
      if (this.isStopped || this.peers.get(MASTER) !== peer || !this.link.isOpen) return;
      this.write('info', 'Sent SDP offer');
      this.link.sendOffer(offer);
    } catch (error) {
      this.write('error', `The call could not be made: ${(error as Error).message}`);
    }
    // The service keeps an offer for so long; a master that comes later needs a new one.
    const ttl = (this.link.joined?.messageTtlSeconds ?? 60) * 1000;
    this.timer = setTimeout(() => {
      if (!this.peers.get(MASTER)?.isOpen) void this.makeCall();
    }, ttl * 0.8);
  }

  private callLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.makeCall(), this.again.next());
  }
}
