// Channel names, client ids, and links to share.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { displayNameOf, isLocalLink, isName, makeClientId, parseParams, viewerLink } from '../src/call/names';

const always = (value: number) => () => value;

describe('isName', () => {
  for (const [text, expected] of [
    ['robot-7', true],
    ['A.b_c-9', true],
    ['x'.repeat(256), true],
    ['x'.repeat(257), false],
    ['', false],
    ['two words', false],
    ['Zoë', false],
    ['a/b', false],
    ['line\n', false],
  ] as const) {
    it(`${expected ? 'takes' : 'refuses'} ${JSON.stringify(text.slice(0, 20))} of ${text.length}`, () => {
      assert.equal(isName(text), expected);
    });
  }
});

describe('makeClientId', () => {
  for (const [name, expected] of [
    ['Zoë from Support', 'Zoe-from-Support-i000'],
    ['  spaces  ', 'spaces-i000'],
    ['', 'viewer-i000'],
    ['日本', 'viewer-i000'],
    ['AWS_something', 'xAWS_something-i000'],
    ['aws_something', 'xaws_something-i000'],
    ['x'.repeat(100), `${'x'.repeat(40)}-i000`],
  ] as const) {
    it(`makes ${expected.slice(0, 30)} of ${JSON.stringify(name.slice(0, 20))}`, () => {
      assert.equal(makeClientId(name, always(0.5)), expected);
    });
  }

  it('gives ids that the service takes, whatever the name and the chance', () => {
    for (const name of ['', '-', '...', '🦊', 'a b', 'AWS_', 'é'.repeat(300)]) {
      for (const chance of [0, 0.001, 0.999999]) {
        const id = makeClientId(name, always(chance));
        assert.ok(isName(id) && !/^aws_/i.test(id), id);
      }
    }
  });

  it('gives two people of one name two ids', () => {
    assert.notEqual(makeClientId('Ann', always(0.1)), makeClientId('Ann', always(0.2)));
  });
});

describe('displayNameOf', () => {
  for (const [id, expected] of [
    ['Zoe-from-Support-k3f9', 'Zoe from Support'],
    ['viewer-k3f9', 'Viewer k3f9'],
    ['ConsumerViewer', 'ConsumerViewer'],
    ['device-12', 'device-12'],
    ['-k3f9', '-k3f9'],
  ] as const) {
    it(`shows ${id} as ${expected}`, () => assert.equal(displayNameOf(id), expected));
  }

  it('undoes makeClientId for plain names', () => {
    assert.equal(displayNameOf(makeClientId('Ann Lee', always(0.3))), 'Ann Lee');
  });
});

describe('links', () => {
  it('are read: what is missing or unknown is null or false', () => {
    assert.deepEqual(parseParams(''), { channel: null, role: null, name: null, relay: false, autostart: false });
    assert.deepEqual(parseParams('?channel=a&role=viewer&name=Zo%C3%AB&relay=1&autostart=1'), {
      channel: 'a',
      role: 'viewer',
      name: 'Zoë',
      relay: true,
      autostart: true,
    });
    assert.equal(parseParams('?role=MASTER').role, null);
    assert.equal(parseParams('?relay=yes').relay, false);
  });

  it('for viewers name the channel and nothing else of the page they come from', () => {
    const link = viewerLink('https://host:3000/sub/?channel=old&name=me&autostart=1#part', 'robot.7');

    assert.equal(link, 'https://host:3000/sub/?channel=robot.7&role=viewer');
    assert.deepEqual(
      [parseParams(new URL(link).search).channel, parseParams(new URL(link).search).role],
      ['robot.7', 'viewer'],
    );
  });

  for (const [link, expected] of [
    ['http://localhost:3000/', true],
    ['http://127.0.0.1/', true],
    ['http://[::1]:3000/', true],
    ['https://192.168.1.2/', false],
    ['https://robot.example/', false],
  ] as const) {
    it(`${link} is ${expected ? 'of use on this machine only' : 'fit to be shared'}`, () => {
      assert.equal(isLocalLink(link), expected);
    });
  }
});
