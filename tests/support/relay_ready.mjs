// Until a relay takes requests: heliographd listens before its coturn does, and a datagram sent too early gets no answer.
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

const resendMs = 50;

/** A Binding request (RFC 8489), which any TURN server answers. */
const bindingRequest = () => Buffer.concat([Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]), randomBytes(12)]);

function answersByUdp(host, port) {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (answered) => {
      clearTimeout(timer);
      socket.close();
      resolve(answered);
    };
    const timer = setTimeout(() => end(false), resendMs);
    socket.once('message', () => end(true));
    socket.on('error', () => end(false));
    socket.send(bindingRequest(), port, host);
  });
}

function acceptsTcp(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (accepted) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** Whether the relay at 127.0.0.1 takes requests by UDP and TCP at `port` and TLS connections at `tlsPort`. */
export async function isRelayReady(port, tlsPort) {
  const host = '127.0.0.1';
  return (await answersByUdp(host, port)) && (await acceptsTcp(host, port)) && acceptsTcp(host, tlsPort);
}
