// RFC 6455 frames, without a socket.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { sdk } from '../test-support/packages.mjs';
import { Random } from '../test-support/random.mjs';

const { encodeFrame, FrameReader } = createRequire(join(sdk, 'package.json'))('@heliograph/webrtc/lib/frames');
const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];

/** A frame as servers send it. */
function frame(opcode, payload = '', { isFinal = true } = {}) {
  const body = Buffer.from(payload);
  const head = [(isFinal ? 0x80 : 0) | opcode];
  if (body.length < 126) head.push(body.length);
  else if (body.length < 65536) head.push(126, body.length >> 8, body.length & 255);
  else head.push(127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (body.length >>> shift) & 255));
  return Buffer.concat([Buffer.from(head), body]);
}

function read(chunks, reader = new FrameReader()) {
  const messages = [];
  for (const chunk of chunks) {
    for (const { opcode, payload } of reader.push(chunk)) messages.push([opcode, Buffer.from(payload).toString()]);
  }
  return messages;
}

const breach = (code) => (error) => error.code === code;

describe('FrameReader', () => {
  it('gives the same messages however the bytes are cut', () => {
    const random = new Random(7);
    const bytes = Buffer.concat([
      frame(TEXT, 'one'),
      frame(TEXT, 'tw', { isFinal: false }),
      frame(PING, 'between'),
      frame(CONTINUATION, '', { isFinal: false }),
      frame(CONTINUATION, 'o'),
      frame(BINARY, 'x'.repeat(126)),
      frame(TEXT, ''),
      frame(TEXT, 'y'.repeat(65_536)),
      frame(PONG),
      frame(CLOSE, '\u0003è'),
    ]);
    const whole = read([bytes]);
    assert.deepEqual(
      whole.map(([opcode, text]) => [opcode, text.length]),
      [
        [TEXT, 3],
        [PING, 7],
        [TEXT, 3],
        [BINARY, 126],
        [TEXT, 0],
        [TEXT, 65_536],
        [PONG, 0],
        [CLOSE, 2],
      ],
    );

    for (let round = 0; round < 20; ++round) {
      const chunks = [];
      for (let at = 0; at < bytes.length; ) {
        const size = 1 + random.below(random.pick([3, 50, 60_000]));
        chunks.push(bytes.subarray(at, at + size));
        at += size;
        if (chunks.length > 300) chunks.push(bytes.subarray(at, (at = bytes.length)));
      }
      assert.deepEqual(read(chunks), whole, `round ${round}`);
    }
  });

  for (const [what, bytes, code] of [
    ['reserved bits', [0xc1, 0], 1002],
    ['a masked frame', [0x81, 0x80], 1002],
    ['a reserved data opcode', [0x83, 0], 1002],
    ['a reserved control opcode', [0x8b, 0], 1002],
    ['a fragmented ping', [0x09, 0], 1002],
    ['a ping of 126 bytes', [0x89, 126, 0, 126, ...Array(126).fill(0)], 1002],
    ['a continuation of nothing', [0x80, 0], 1002],
    ['a text inside a fragmented text', [0x01, 0, 0x81, 0], 1002],
    ['17 MB', [0x82, 127, 0, 0, 0, 0, 0x01, 0x10, 0, 0], 1009],
    ['2^63 bytes', [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], 1009],
  ]) {
    it(`refuses ${what} with ${code}`, () => {
      assert.throws(() => read([Buffer.from(bytes)]), breach(code));
    });
  }

  it('counts fragments together', () => {
    const part = frame(CONTINUATION, 'x'.repeat(60), { isFinal: false });

    assert.throws(() => read([frame(TEXT, '', { isFinal: false }), part, part], new FrameReader(100)), breach(1009));
    const twoParts = Buffer.concat([frame(TEXT, 'a', { isFinal: false }), frame(CONTINUATION, 'b')]);
    assert.deepEqual(read([twoParts, twoParts, frame(TEXT, 'c')], new FrameReader(2)), [
      [TEXT, 'ab'],
      [TEXT, 'ab'],
      [TEXT, 'c'],
    ]);
  });

  it('gives what came before a breach', () => {
    const seen = [];

    assert.throws(() => {
      for (const { opcode } of new FrameReader().push(Buffer.concat([frame(TEXT, 'fine'), Buffer.from([0xf1, 0])])))
        seen.push(opcode);
    }, breach(1002));

    assert.deepEqual(seen, [TEXT]);
  });
});

describe('encodeFrame', () => {
  for (const size of [0, 1, 125, 126, 65_535, 65_536, 100_000]) {
    it(`makes a masked frame of ${size} bytes in the shortest form`, () => {
      const payload = Buffer.alloc(size, 'abc');
      const mask = Buffer.from([1, 2, 3, 255]);

      const bytes = Buffer.from(encodeFrame(BINARY, payload, mask));

      const extended = size < 126 ? 0 : size < 65_536 ? 2 : 8;
      const start = 6 + extended;
      assert.equal(bytes.length, start + size);
      assert.equal(bytes[0], 0x82);
      assert.equal(bytes[1], 0x80 | (extended === 0 ? size : extended === 2 ? 126 : 127));
      if (extended > 0) assert.equal(bytes.readUIntBE(extended === 2 ? 2 : 4, extended === 2 ? 2 : 6), size);
      assert.deepEqual(bytes.subarray(start - 4, start), mask);
      assert.deepEqual(Buffer.from(bytes.subarray(start).map((byte, index) => byte ^ mask[index & 3])), payload);
    });
  }
});
