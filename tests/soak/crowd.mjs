// Connections that come, talk, and go: politely, without a word, or pushed aside by a newer one of their id.
import { createRequire } from 'node:module';

import { payloadOf, readPayload, targetOf } from '../interop/support/world.mjs';

const { WebSocket } = createRequire(import.meta.url)('ws');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** Longer than a crowded machine needs; a message that is lost never comes. */
const patience = 30_000;

/** A channel with one master that stays as long as the service lets it, and viewers that come and go. */
class Room {
  /** Counts every time that the master was lost: what was under way then may be lost too. */
  generation = 0;
  master = null;

  constructor(crowd, arn) {
    this.crowd = crowd;
    this.arn = arn;
  }

  async keepMaster() {
    while (!this.crowd.isOver) {
      const socket = await this.crowd.open(this.arn);
      if (!socket) continue;
      this.master = socket;
      socket.on('message', (data) => {
        const message = JSON.parse(data);
        if (message.messageType !== 'ICE_CANDIDATE') return;
        const { messagePayload, senderClientId: recipientClientId } = message;
        // What the viewer said goes back as it came.
        socket.send(JSON.stringify({ action: 'ICE_CANDIDATE', messagePayload, recipientClientId }));
      });
      await new Promise((resolve) => socket.on('close', resolve));
      ++this.generation;
      this.master = null;
    }
  }

  async keepViewer(id) {
    while (!this.crowd.isOver) {
      const socket = await this.crowd.open(this.arn, id);
      if (!socket) continue;
      const closed = new Promise((resolve) => socket.on('close', resolve));
      let isOpen = true;
      closed.then(() => (isOpen = false));
      const heard = [];
      socket.on('message', (data) => {
        const message = JSON.parse(data);
        if (message.messageType === 'ICE_CANDIDATE') heard.push(readPayload(message).n);
      });
      const until = Date.now() + this.crowd.lifetime();
      for (let n = 0; isOpen && Date.now() < until && !this.crowd.isOver; ++n)
        await this.#ask(socket, heard, n, () => isOpen);
      if (Math.random() < 0.3) socket.terminate();
      else socket.close();
      await closed;
    }
  }

  /** Says a number and waits for it to come back, unless one of the two goes. */
  async #ask(socket, heard, n, isOpen) {
    const { generation } = this;
    heard.length = 0;
    socket.send(JSON.stringify({ action: 'ICE_CANDIDATE', messagePayload: payloadOf({ n }) }));
    const deadline = Date.now() + patience;
    const isExcused = () => !isOpen() || this.generation !== generation || this.master === null;
    while (!heard.includes(n) && !isExcused() && Date.now() < deadline) await pause(20);
    if (heard.includes(n)) ++this.crowd.echoes;
    // A retained message of an earlier life of the id may come first; a wrong or missing one counts.
    else if (!isExcused()) this.crowd.lost.push({ arn: this.arn, n, heard: [...heard] });
    await pause(500 + Math.random() * 3000);
  }
}

export class Crowd {
  isOver = false;
  opened = 0;
  refused = 0;
  echoes = 0;
  lost = [];
  sockets = new Set();
  #rooms = [];
  #members = [];
  #service;

  constructor(service) {
    this.#service = service;
  }

  /** Milliseconds: mostly short, sometimes long. */
  lifetime() {
    return Math.random() < 0.9 ? 2_000 + Math.random() * 30_000 : 120_000;
  }

  /** One master and three viewers to a channel. */
  start(arns, connections) {
    const perRoom = connections / arns.length;
    for (const arn of arns) {
      const room = new Room(this, arn);
      this.#rooms.push(room);
      this.#members.push(room.keepMaster());
      for (let i = 1; i < perRoom; ++i) this.#members.push(room.keepViewer(`v${i}`));
    }
  }

  /** An open socket, or null after a pause when the service would not have it. */
  async open(arn, clientId) {
    const socket = new WebSocket(`ws://localhost:${this.#service.port}${targetOf(this.#service, arn, clientId)}`, {
      handshakeTimeout: patience,
    });
    const isOpen = await new Promise((resolve) => {
      socket.on('open', () => resolve(true));
      socket.on('error', () => resolve(false));
    });
    if (!isOpen) {
      ++this.refused;
      await pause(200 + Math.random() * 800);
      return null;
    }
    ++this.opened;
    if (this.isOver) {
      // It was under way while stop() closed the others; nobody else would close it.
      socket.close();
      return null;
    }
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    return socket;
  }

  async stop() {
    this.isOver = true;
    for (const socket of this.sockets) socket.close();
    await Promise.all(this.#members);
  }
}
