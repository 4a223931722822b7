/** A viewer: calls the master, and calls again until it answers. */
import { Backoff } from './backoff';
import { withPresence } from './conversation';
import type { Log } from './log';
import { MASTER_ID as MASTER, Session } from './session';
import type { SessionOptions } from './session';

/** From an answer to an open channel; browsers themselves give up earlier, when they find no path. */
const LONGEST_SETUP_MS = 45_000;

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
    const peer = this.peers.get(MASTER);
    if (!peer || peer.isOpen) return this.write('debug', 'an answer to an earlier offer was not used');
    this.write('info', 'Received SDP answer');
    // The first of two may have been meant for an earlier offer, and nothing in it tells which.
    if (peer.isAnswered) return this.callLater();
    this.mark('answer');
    this.change(MASTER, (conversation) => withPresence(conversation, 'connecting'));
    try {
      await peer.acceptAnswer(answer);
      this.callUnlessOpenIn(LONGEST_SETUP_MS);
    } catch (error) {
      this.write('warn', `The answer could not be used: ${(error as Error).message}`);
      this.callLater();
    }
  }

  protected onCandidate(candidate: RTCIceCandidateInit): void {
    this.write('debug', 'Received ICE candidate from the master');
    this.peers.get(MASTER)?.addCandidate(candidate);
  }

  protected override onConnected(): void {
    clearTimeout(this.timer);
    this.again.reset();
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
        : 'The master left; calling again.',
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
      this.link.sendOffer(offer);
      this.write('info', 'Sent SDP offer');
    } catch (error) {
      this.write('error', `The call could not be made: ${(error as Error).message}`);
    }
    // The service keeps an offer for so long; a master that comes later needs a new one.
    this.callUnlessOpenIn((this.link.joined?.messageTtlSeconds ?? 60) * 800);
  }

  private callUnlessOpenIn(delayMs: number): void {
    clearTimeout(this.timer);
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      if (!this.peers.get(MASTER)?.isOpen) void this.makeCall();
    }, delayMs);
  }

  private callLater(): void {
    this.callUnlessOpenIn(this.again.next());
  }
}
