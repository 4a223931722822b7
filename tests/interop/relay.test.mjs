// The credentials of GetIceServerConfig, presented to the relay as a TURN client does (RFC 8656): an allocation each way in.
import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { after, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';

import { Heliographd } from '../support/heliographd.mjs';
import { call, createChannel } from './support/world.mjs';

let service;
let server;
before(async () => {
  service = await Heliographd.start({ turn: 'auto' });
  const { json } = await call(service, '/v1/get-ice-server-config', {
    ChannelARN: await createChannel(service, 'relay'),
  });
  [server] = json.IceServerList;
});
after(async () => service?.stop());

const attribute = { username: 6, integrity: 8, error: 9, realm: 20, nonce: 21, relayed: 22, transport: 25 };
const allocate = 3;
const success = 0x0103;
const failure = 0x0113;

const member = (type, value) => {
  const data = Buffer.from(value);
  const head = Buffer.from([0, type, data.length >> 8, data.length & 255]);
  return Buffer.concat([head, data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
};

/** A STUN message; with a `key` it is signed. */
function stun(type, members, key) {
  const header = (length) => Buffer.from([0, type, length >> 8, length & 255, 0x21, 0x12, 0xa4, 0x42]);
  const id = randomBytes(12);
  const body = Buffer.concat(members);
  if (!key) return Buffer.concat([header(body.length), id, body]);
  const signed = Buffer.concat([header(body.length + 24), id, body]);
  return Buffer.concat([signed, member(attribute.integrity, createHmac('sha1', key).update(signed).digest())]);
}

function parse(bytes) {
  const members = {};
  for (let at = 20; at + 4 <= bytes.length; ) {
    const size = bytes.readUInt16BE(at + 2);
    members[bytes.readUInt16BE(at)] = bytes.subarray(at + 4, at + 4 + size);
    at += 4 + size + ((4 - (size % 4)) % 4);
  }
  return { type: bytes.readUInt16BE(0), members };
}

/** What a socket says next. On loopback nothing is lost: no answer in ten seconds is none. */
const next = async (socket, event) => (await once(socket, event, { signal: AbortSignal.timeout(10_000) }))[0];

/** One way to the relay: `ask` sends a message and gives the answer. */
async function open(uri) {
  const [, scheme, host, port, transport] = /^(turns?):([^:]+):(\d+)\?transport=(\w+)$/.exec(uri);
  if (transport === 'udp') {
    const socket = createSocket('udp4');
    const ask = async (message) => {
      socket.send(message, Number(port), host);
      return parse(await next(socket, 'message'));
    };
    return { ask, close: () => socket.close() };
  }
  const socket =
    scheme === 'turns' ? connectTls({ host, port, ca: readFileSync(service.caFile) }) : connectTcp({ host, port });
  await once(socket, scheme === 'turns' ? 'secureConnect' : 'connect');
  const ask = async (message) => {
    socket.write(message);
    let bytes = Buffer.alloc(0);
    while (bytes.length < 20 || bytes.length < 20 + bytes.readUInt16BE(2)) {
      bytes = Buffer.concat([bytes, await next(socket, 'data')]);
    }
    return parse(bytes);
  };
  return { ask, close: () => socket.destroy() };
}

async function tryAllocation(uri, username, password) {
  const way = await open(uri);
  const wanted = member(attribute.transport, [17, 0, 0, 0]);
  const challenge = await way.ask(stun(allocate, [wanted]));
  const { [attribute.realm]: realm, [attribute.nonce]: nonce } = challenge.members;
  const key = createHash('md5').update(`${username}:${realm}:${password}`).digest();
  const members = [
    wanted,
    member(attribute.username, username),
    member(attribute.realm, realm),
    member(attribute.nonce, nonce),
  ];
  const answer = await way.ask(stun(allocate, members, key));
  way.close();
  return { challenge, answer };
}

/** DTLS (`turns`, udp) has no client in Node; browsers use it in their tests. */
const ways = () => server.Uris.filter((uri) => !(uri.startsWith('turns:') && uri.endsWith('udp')));

test('the relay allocates for the credentials handed out, by UDP, TCP and TLS', async () => {
  assert.equal(ways().length, 3);
  for (const uri of ways()) {
    const { challenge, answer } = await tryAllocation(uri, server.Username, server.Password);

    assert.equal(challenge.type, failure, uri);
    assert.equal(answer.type, success, `${uri}: ${answer.members[attribute.error]}`);
    assert.ok(answer.members[attribute.relayed], uri);
  }
});

test('the relay refuses another password, and a user name whose time is over', async () => {
  const [uri] = ways();

  const guessed = await tryAllocation(uri, server.Username, 'x');
  const past = await tryAllocation(uri, server.Username.replace(/^\d+/, '1700000000'), server.Password);

  for (const { answer } of [guessed, past]) assert.equal(answer.type, failure);
});
