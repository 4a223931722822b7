// Writers of the control plane, and a ledger of everything that was acknowledged to them.
import assert from 'node:assert/strict';

import { signedCall } from './calls.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** One name per writer at a time, so that what is true of it is known. */
export class Ledger {
  /** Name to { arn, ttl, tags }, or null when its deletion was acknowledged. In doubt: not in here. */
  channels = new Map();
  acknowledged = 0;
  unanswered = 0;
  #service;
  #isOver = false;
  #writers = [];

  constructor(service) {
    this.#service = service;
  }

  start(writers) {
    for (let i = 0; i < writers; ++i) this.#writers.push(this.#write(i));
  }

  async stop() {
    this.#isOver = true;
    await Promise.all(this.#writers);
  }

  /** A call's answer; null when the service went away, and then it is not known whether it was done. */
  async #call(path, input) {
    const answer = await signedCall(this.#service, path, input).catch(() => null);
    // While it leaves it refuses, and has done nothing.
    if (answer === null || answer.status === 503) {
      ++this.unanswered;
      await pause(50);
      return null;
    }
    assert.equal(answer.status, 200, `${path} ${JSON.stringify(input)}: ${answer.text}`);
    ++this.acknowledged;
    return answer.json;
  }

  async #write(writer) {
    for (let turn = 0; !this.#isOver; ++turn) {
      const name = `soak-${writer}-${turn}`;
      const ttl = 5 + (turn % 100);
      const made = await this.#call('/createSignalingChannel', {
        ChannelName: name,
        SingleMasterConfiguration: { MessageTtlSeconds: ttl },
      });
      if (!made) continue;
      const arn = made.ChannelARN;
      this.channels.set(name, { arn, ttl, tags: {} });
      const tags = { turn: String(turn), writer: String(writer) };
      if (!(await this.#change(name, '/TagResource', { ResourceARN: arn, Tags: listOf(tags) }, { tags }))) continue;
      const info = await this.#call('/describeSignalingChannel', { ChannelARN: arn });
      if (!info) continue;
      const change = {
        ChannelARN: arn,
        CurrentVersion: info.ChannelInfo.Version,
        SingleMasterConfiguration: { MessageTtlSeconds: 60 },
      };
      if (!(await this.#change(name, '/updateSignalingChannel', change, { ttl: 60 }))) continue;
      // Two of three go again, so that the list does not grow without end.
      if (turn % 3 !== 0) await this.#change(name, '/deleteSignalingChannel', { ChannelARN: arn }, null);
      await pause(100);
    }
  }

  /** Makes a change that is in doubt until it is acknowledged. */
  async #change(name, path, input, outcome) {
    const before = this.channels.get(name);
    this.channels.delete(name);
    const done = await this.#call(path, input);
    if (done) this.channels.set(name, outcome === null ? null : { ...before, ...outcome });
    return done;
  }

  /** Whether the service still has everything. Gives the number of channels compared. */
  async check() {
    const found = new Map();
    let NextToken;
    do {
      const page = await signedCall(this.#service, '/listSignalingChannels', { MaxResults: 1000, NextToken });
      assert.equal(page.status, 200, page.text);
      for (const info of page.json.ChannelInfoList) found.set(info.ChannelName, info);
      NextToken = page.json.NextToken;
    } while (NextToken);
    for (const [name, kept] of this.channels) {
      const info = found.get(name);
      if (kept === null) {
        assert.equal(info, undefined, `${name} was deleted, and that was acknowledged`);
        continue;
      }
      assert.ok(info, `${name} was made, and that was acknowledged`);
      assert.equal(info.ChannelARN, kept.arn);
      assert.equal(info.SingleMasterConfiguration.MessageTtlSeconds, kept.ttl, name);
      const { json } = await signedCall(this.#service, '/ListTagsForResource', { ResourceARN: kept.arn });
      assert.deepEqual(json.Tags, kept.tags, name);
    }
    return this.channels.size;
  }
}

const listOf = (tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
