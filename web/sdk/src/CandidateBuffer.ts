/** Candidates that came before the SDP of their sender: an RTCPeerConnection refuses them without a remote description. */
export class CandidateBuffer {
  // Maps, not objects: a sender may call itself __proto__.
  private readonly waiting = new Map<string, object[]>();
  private readonly described = new Set<string>();

  /** The sender's SDP is here, or is taken to be. */
  markDescribed(sender: string): void {
    this.described.add(sender);
  }

  /** True when the candidate waits now; false when it can be used at once. */
  hold(sender: string, candidate: object): boolean {
    if (this.described.has(sender)) return false;
    const list = this.waiting.get(sender);
    if (list) list.push(candidate);
    else this.waiting.set(sender, [candidate]);
    return true;
  }

  /** Takes what waits; undefined when nothing does. */
  take(sender: string): object[] | undefined {
    const list = this.waiting.get(sender);
    this.waiting.delete(sender);
    return list;
  }

  pending(sender: string): object[] {
    return this.waiting.get(sender) ?? [];
  }

  forget(sender: string): void {
    this.waiting.delete(sender);
    this.described.delete(sender);
  }
}
