// What a page has and Node has not, under the test's hand: the service behind fetch, WebSocket.
type Json = Record<string, unknown>;
type Answer = { status?: number; body?: Json | string } | 'unreachable';

/** Lets everything that waits for promises only go on. */
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The service's own API: keeps what it was asked, and answers what it is told to. */
export class FakeService {
  asked: [method: string, path: string, body: Json | undefined][] = [];
  answers: Record<string, Answer> = {
    join: {
      body: {
        channelArn: 'arn:channel',
        region: 'r',
        endpoint: 'ws://localhost:1',
        iceServers: [],
        iceTtlSeconds: 300,
        messageTtlSeconds: 60,
      },
    },
    sign: { body: { url: 'ws://localhost:1/signed' } },
  };

  constructor() {
    globalThis.fetch = (async (path: string, init: { method: string; body: string | null }) => {
      this.asked.push([init.method, path, init.body === null ? undefined : (JSON.parse(init.body) as Json)]);
      const answer = this.answers[path.split('/').at(-1)!] ?? { status: 404 };
      if (answer === 'unreachable') throw new TypeError('Failed to fetch');
      const { status = 200, body = '' } = answer;
      return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
    }) as typeof fetch;
  }

  /** How often a path was asked. */
  count(name: string): number {
    return this.asked.filter(([, path]) => path.endsWith(`/${name}`)).length;
  }
}

export class FakeWebSocket {
  static all: FakeWebSocket[] = [];
  readonly sent: Json[] = [];
  isClosed = false;
  private listeners: [string, (event: Json) => void][] = [];

  static install(): void {
    FakeWebSocket.all = [];
    (globalThis as { WebSocket: unknown }).WebSocket = FakeWebSocket;
  }

  static get last(): FakeWebSocket {
    return FakeWebSocket.all.at(-1)!;
  }

  constructor(readonly url: string) {
    FakeWebSocket.all.push(this);
  }

  addEventListener(type: string, listener: (event: Json) => void): void {
    this.listeners.push([type, listener]);
  }

  removeEventListener(type: string, listener: (event: Json) => void): void {
    this.listeners = this.listeners.filter(([t, l]) => t !== type || l !== listener);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Json);
  }

  close(): void {
    this.isClosed = true;
  }

  fire(type: string, event: Json = {}): void {
    for (const [each, listener] of [...this.listeners]) if (each === type) listener({ type, ...event });
  }

  receive(messageType: string, payload?: unknown, senderClientId?: string, more: Json = {}): void {
    const messagePayload = payload === undefined ? '' : Buffer.from(JSON.stringify(payload)).toString('base64');
    this.fire('message', { data: JSON.stringify({ messageType, messagePayload, senderClientId, ...more }) });
  }

  /** What was sent: [action, payload, recipient]. */
  get messages(): unknown[][] {
    return this.sent.map(({ action, messagePayload, recipientClientId }) => [
      action,
      JSON.parse(Buffer.from(String(messagePayload), 'base64').toString()),
      recipientClientId,
    ]);
  }
}
