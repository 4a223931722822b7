/** RFC 6455 frames, for the client that Node lacks before version 22. */

export const enum Opcode {
  Continuation = 0,
  Text = 1,
  Binary = 2,
  Close = 8,
  Ping = 9,
  Pong = 10,
}

/** One frame, masked as a client must (5.3). */
export function encodeFrame(opcode: Opcode, payload: Uint8Array, mask: Uint8Array): Uint8Array {
  const extended = payload.length < 126 ? 0 : payload.length < 65536 ? 2 : 8;
  const frame = new Uint8Array(2 + extended + 4 + payload.length);
  const view = new DataView(frame.buffer);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (extended === 0 ? payload.length : extended === 2 ? 126 : 127);
  if (extended === 2) view.setUint16(2, payload.length);
  if (extended === 8) view.setBigUint64(2, BigInt(payload.length));
  frame.set(mask, 2 + extended);
  const start = 6 + extended;
  for (let i = 0; i < payload.length; ++i) frame[start + i] = payload[i]! ^ mask[i & 3]!;
  return frame;
}

export interface Message {
  opcode: Opcode;
  payload: Uint8Array;
}

/** A breach of the protocol, with the close code that answers it. */
export class FrameError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Bytes in, whole messages out. */
export class FrameReader {
  private buffer = new Uint8Array(0);
  private fragments: Uint8Array[] = [];
  private fragmentOpcode: Opcode | null = null;
  private size = 0;

  constructor(private readonly maxMessage = 16 * 1024 * 1024) {}

  /** Messages come one by one: those before a breach are given before it is thrown. */
  *push(bytes: Uint8Array): Generator<Message> {
    const joined = new Uint8Array(this.buffer.length + bytes.length);
    joined.set(this.buffer);
    joined.set(bytes, this.buffer.length);
    this.buffer = joined;
    for (let message = this.next(); message !== null; message = this.next()) {
      if (message !== 'fragment') yield message;
    }
  }

  private next(): Message | 'fragment' | null {
    const bytes = this.buffer;
    if (bytes.length < 2) return null;
    const first = bytes[0]!;
    const opcode = (first & 0x0f) as Opcode;
    const isFinal = (first & 0x80) !== 0;
    if ((first & 0x70) !== 0) throw new FrameError(1002, 'reserved bits are set');
    if (opcode > Opcode.Pong) throw new FrameError(1002, 'the opcode is reserved');
    if ((bytes[1]! & 0x80) !== 0) throw new FrameError(1002, 'a server must not mask');
    let length = bytes[1]! & 0x7f;
    let start = 2;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    if (length === 126) {
      if (bytes.length < 4) return null;
      length = view.getUint16(2);
      start = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return null;
      length = Number(view.getBigUint64(2));
      start = 10;
    }
    if (length > this.maxMessage) throw new FrameError(1009, 'the message is too large');
    if (bytes.length < start + length) return null;
    const payload = bytes.slice(start, start + length);
    this.buffer = bytes.subarray(start + length);
    if (opcode >= Opcode.Close) {
      if (!isFinal || length > 125) throw new FrameError(1002, 'a control frame is fragmented or too long');
      return { opcode, payload };
    }
    return this.data(opcode, isFinal, payload);
  }

  private data(opcode: Opcode, isFinal: boolean, payload: Uint8Array): Message | 'fragment' {
    if (opcode > Opcode.Binary) throw new FrameError(1002, 'the opcode is reserved');
    if ((opcode === Opcode.Continuation) !== (this.fragmentOpcode !== null)) {
      throw new FrameError(1002, 'fragments are out of order');
    }
    if (isFinal && this.fragmentOpcode === null) return { opcode, payload };
    // Empty ones add nothing, and could be sent without end.
    if (payload.length > 0) this.fragments.push(payload);
    this.fragmentOpcode ??= opcode;
    this.size += payload.length;
    if (this.size > this.maxMessage) throw new FrameError(1009, 'the message is too large');
    if (!isFinal) return 'fragment';
    const whole = new Uint8Array(this.size);
    let offset = 0;
    for (const fragment of this.fragments) {
      whole.set(fragment, offset);
      offset += fragment.length;
    }
    const message = { opcode: this.fragmentOpcode, payload: whole };
    this.fragments = [];
    this.fragmentOpcode = null;
    this.size = 0;
    return message;
  }
}
