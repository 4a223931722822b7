/** How long to wait before the next attempt: doubling from half a second to ten, with jitter so that many pages do not return as one. */
export class Backoff {
  private attempts = 0;

  constructor(
    private readonly firstMs = 500,
    private readonly longestMs = 10_000,
    private readonly random: () => number = Math.random,
  ) {}

  /** Between half and all of the step. */
  next(): number {
    const step = Math.min(this.firstMs * 2 ** this.attempts, this.longestMs);
    this.attempts += 1;
    return Math.round(step * (0.5 + this.random() / 2));
  }

  reset(): void {
    this.attempts = 0;
  }
}
