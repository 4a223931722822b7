// The call page in Debian's browsers: what two, four and one person with two roles do with it.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { Heliographd, until } from '../support/heliographd.mjs';
import { Browser, browserNames, Tab } from './browsers.mjs';

let lastChannel = 0;
/** A channel that no other test has used. */
const newChannel = () => `call-${++lastChannel}`;

for (const name of browserNames) {
  describe(`call page in ${name}`, { concurrency: false, timeout: 300_000 }, () => {
    let service;
    let browser;

    before(async () => {
      service = await Heliographd.start({ turn: 'auto' });
      browser = await Browser.start(name);
    });
    afterEach(async () => {
      const errors = browser.tabs.flatMap((tab) => tab.errors);
      await browser.closeTabs();
      assert.deepEqual(errors, [], 'exceptions in the page');
    });
    after(async () => {
      await browser?.stop();
      await service?.stop();
    });

    const open = () => browser.newTab(service.http);
    const startMaster = async (channel, options = {}) => {
      const tab = await open();
      await tab.start('master', { channel, name: 'Ada', ...options });
      await tab.is('master', 'open');
      return tab;
    };
    const startViewer = async (channel, who, options = {}) => {
      const tab = await open();
      await tab.start('viewer', { channel, name: who, ...options });
      return tab;
    };

    test('two tabs find each other and chat both ways', async () => {
      const channel = newChannel();
      const master = await startMaster(channel);
      const viewer = await startViewer(channel, 'Grace');

      await viewer.seesInLog('Received SDP answer', 10_000);
      await viewer.isInCall();
      await master.sees('Grace', 'here');
      await viewer.say('Is anybody there?');
      await master.hears('Is anybody there?');
      await master.say('Yes: <b>Ada</b> & "friends" ✓');
      await viewer.hears('Yes: <b>Ada</b> & "friends" ✓');

      assert.deepEqual(await viewer.thread(), ['me: Is anybody there?', 'them: Yes: <b>Ada</b> & "friends" ✓']);
      assert.deepEqual(await master.thread(), ['them: Is anybody there?', 'me: Yes: <b>Ada</b> & "friends" ✓']);
    });

    test('a viewer that calls before the master is answered when the master comes', async () => {
      const channel = newChannel();
      const viewer = await startViewer(channel, 'Early');
      await viewer.seesInLog('Sent SDP offer');
      await viewer.say('said too soon');

      const master = await startMaster(channel);

      await viewer.isInCall();
      await master.sees('Early', 'here');
      await master.hears('said too soon');
    });

    test('three viewers each have a conversation of their own', async () => {
      const channel = newChannel();
      const master = await startMaster(channel);
      const names = ['Alan', 'Barbara', 'Claude'];
      const viewers = [];
      for (const who of names) viewers.push(await startViewer(channel, who));
      const clients = [];
      for (const who of names) clients.push((await master.sees(who, 'here')).client);
      for (const [index, who] of names.entries()) {
        await viewers[index].isInCall();
        await viewers[index].say(`from ${who}`);
      }
      for (const [index, who] of names.entries()) {
        await master.select(clients[index]);
        await master.hears(`from ${who}`);
        await master.say(`only for ${who}`);
      }
      await master.press('to-all');
      await master.say('for everybody');

      for (const [index, who] of names.entries()) {
        await viewers[index].hears('for everybody');
        assert.deepEqual(await viewers[index].thread(), [
          `me: from ${who}`,
          `them: only for ${who}`,
          'them: for everybody',
        ]);
        await master.select(clients[index]);
        assert.deepEqual(await master.thread(), [`them: from ${who}`, `me: only for ${who}`, 'me: for everybody']);
      }
    });

    test('what is not looked at counts as unread', async () => {
      const channel = newChannel();
      const master = await startMaster(channel);
      await startViewer(channel, 'First');
      await master.sees('First', 'here');
      const second = await startViewer(channel, 'Second');
      const { client } = await master.sees('Second', 'here');
      await second.isInCall();
      await second.say('one');
      await second.say('two');

      await until(async () => (await master.sees('Second', 'here')).unread === 2, 'two unread messages');
      await master.page.bringToFront();
      await master.select(client);

      await until(async () => (await master.sees('Second', 'here')).unread === 0, 'nothing unread');
    });

    test('a viewer that leaves is seen to leave, and the others stay', async () => {
      const channel = newChannel();
      const master = await startMaster(channel);
      const stays = await startViewer(channel, 'Stays');
      const stops = await startViewer(channel, 'Stops');
      const closes = await startViewer(channel, 'Closes');
      for (const who of ['Stays', 'Stops', 'Closes']) await master.sees(who, 'here');

      await stops.press('stop');
      await closes.page.close();

      await master.sees('Stops', 'left');
      await master.sees('Closes', 'left');
      await master.sees('Stays', 'here');
      await stays.isInCall();
      await stays.say('still here');
      await master.select((await master.sees('Stays', 'here')).client);
      await master.hears('still here');
    });

    test('master and two viewers share one tab', async () => {
      const channel = newChannel();
      const tab = await startMaster(channel);
      await tab.start('viewer', { channel, name: 'Self' });
      await tab.sees('Self', 'here');
      await tab.start('viewer', { channel, name: 'Other' });
      await tab.sees('Other', 'here');

      await tab.say('through the same tab', Tab.card('master'));

      await tab.hears('through the same tab', Tab.card('viewer'));
      assert.deepEqual(await tab.texts('failed'), []);
    });

    test('stop and start again needs no reload', async () => {
      const channel = newChannel();
      const master = await startMaster(channel);
      const viewer = await startViewer(channel, 'Again');
      await viewer.isInCall();

      await viewer.press('stop');
      assert.equal(await viewer.has('session-viewer'), false);
      await viewer.start('viewer', { channel, name: 'Again' });
      await viewer.isInCall();
      await master.press('stop');
      await master.start('master', { channel, name: 'Ada' });
      await master.is('master', 'open');

      await viewer.isInCall();
      await master.sees('Again', 'here');
      await viewer.say('after all that');
      await master.hears('after all that');
    });

    test('a call outlives a restart of the service, and new ones are made after it', async () => {
      const channel = newChannel();
      const master = await startMaster(channel);
      const viewer = await startViewer(channel, 'Steady');
      await viewer.isInCall();
      await master.sees('Steady', 'here');

      await service.down();
      await master.is('master', 'waiting');
      await viewer.is('viewer', 'waiting');
      await viewer.say('said while the service is away');
      await master.hears('said while the service is away');
      await service.up();
      await master.is('master', 'open', 25_000);
      await viewer.is('viewer', 'open', 25_000);
      const late = await startViewer(channel, 'Late');

      await late.isInCall();
      await master.sees('Late', 'here');
      await master.sees('Steady', 'here');
    });

    test('a second master takes over, and the first is told', async () => {
      const channel = newChannel();
      const first = await startMaster(channel);
      const second = await startMaster(channel);

      await first.is('master', 'replaced');
      assert.ok(await first.has('take-over'));
      const viewer = await startViewer(channel, 'Guest');
      await viewer.isInCall();
      await second.sees('Guest', 'here');
      await first.press('take-over');

      await second.is('master', 'replaced');
      await first.is('master', 'open');
      await viewer.isInCall();
    });

    test('camera and microphone go both ways, and can be switched off and on', async () => {
      const channel = newChannel();
      const master = await startMaster(channel, { camera: true, microphone: true });
      const viewer = await startViewer(channel, 'Seen');
      await viewer.isInCall();
      await viewer.seesVideo();

      await viewer.press('toggle-camera');
      await master.page.bringToFront();
      await master.seesVideo();
      assert.ok(await master.has('preview'));
      await master.press('toggle-camera');

      const remote = '[data-testid="remote-video"][data-live="false"]';
      await until(() => viewer.page.$(remote), 'the viewer sees that the camera is off');
      assert.equal(await master.has('preview'), false);
    });

    test('relay only: everything goes through coturn', async () => {
      const channel = newChannel();
      const master = await startMaster(channel, { relayOnly: true });
      const viewer = await startViewer(channel, 'Relayed', { relayOnly: true });

      await viewer.isInCall();
      await viewer.say('around the corner');
      await master.hears('around the corner');

      await until(
        async () => (await viewer.texts('path')).join() === ' through the relay',
        () => browser.tell(),
      );
      assert.doesNotMatch(service.log, /warning coturn/, 'coturn has nothing to complain about');
    });

    test('names that no channel can have are refused in words', async () => {
      const tab = await open();

      await tab.start('master', { channel: 'no spaces', name: '' });

      const text = await tab.page.$eval('#start-problem', (element) => element.textContent);
      assert.match(text, /"no spaces" is no channel name\. Use 1 to 256 letters/);
      assert.equal(await tab.has('session-master'), false);
    });

    test('an invitation opens the page as that viewer', async () => {
      const channel = newChannel();
      const master = await startMaster(channel);
      await master.press('share');
      const link = await until(() => master.page.$eval('[data-testid="share-link"]', (input) => input.value), 'a link');
      assert.ok(await master.has('qr'));

      const guest = await browser.newTab(link);
      await guest.press('start-viewer');

      assert.equal(link, `${service.http}/?channel=${channel}&role=viewer`);
      await guest.isInCall();
      await master.sees((await master.conversations())[0].name, 'here');
    });
  });

  test(
    `${name}: a camera that is refused is explained, and the chat goes on`,
    { timeout: 120_000 },
    async (context) => {
      const service = await Heliographd.start();
      context.after(() => service.stop());
      const browser = await Browser.start(name, { devices: 'deny' });
      context.after(() => browser.stop());
      const master = await browser.newTab(service.http);
      await master.start('master', { channel: 'refused', name: 'Ada', camera: true });
      const viewer = await browser.newTab(service.http);
      await viewer.start('viewer', { channel: 'refused', name: 'Grace' });

      await until(
        async () => (await master.texts('device-problem')).join().includes('The camera was refused'),
        'the refusal is explained',
      );
      await viewer.isInCall();
      await viewer.say('hello all the same');

      await master.hears('hello all the same');
    },
  );
}
