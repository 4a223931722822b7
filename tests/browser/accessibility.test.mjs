// The call page without a mouse, without eyes, on a small screen, in light and dark.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { Heliographd, root, until } from '../support/heliographd.mjs';
import { Browser, browserNames } from './browsers.mjs';

/** What axe-core finds wrong: "rule: element", the worst that a machine can see. */
async function findViolations(tab) {
  await tab.page.bringToFront();
  if (!(await tab.page.evaluate(() => 'axe' in globalThis))) {
    await tab.page.evaluate(await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  }
  return tab.page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    });
    return violations.flatMap((one) =>
      one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 120)} ${node.failureSummary}`),
    );
  });
}

for (const name of browserNames) {
  describe(`accessibility in ${name}`, { concurrency: false, timeout: 180_000 }, () => {
    let service;
    let browser;

    before(async () => {
      service = await Heliographd.start();
      browser = await Browser.start(name);
    });
    afterEach(() => browser.closeTabs());
    after(async () => {
      await browser?.stop();
      await service?.stop();
    });

    for (const theme of ['light', 'dark']) {
      test(`axe finds nothing wrong, ${theme}`, async () => {
        const master = await browser.newTab(service.http);
        // The page's own switch; it keeps what was chosen last.
        await until(async () => {
          if ((await master.texts('theme'))[0] === `Theme: ${theme}`) return true;
          await master.press('theme');
          return false;
        }, theme);
        assert.deepEqual(await findViolations(master), []);

        await master.start('master', { channel: `seen-${theme}`, name: 'Ada' });
        await master.is('master', 'open');
        const viewer = await browser.newTab(service.http);
        await viewer.start('viewer', { channel: `seen-${theme}`, name: 'Grace' });
        await master.sees('Grace', 'here');
        await viewer.say('hello');
        await master.hears('hello');
        assert.deepEqual(await findViolations(master), []);

        await master.press('share');
        assert.deepEqual(await findViolations(master), []);
      });
    }

    test('a call needs no mouse', async () => {
      const master = await browser.newTab(service.http);
      await master.start('master', { channel: 'by-keys', name: 'Ada' });
      await master.is('master', 'open');
      const viewer = await browser.newTab(service.http);
      const { keyboard } = viewer.page;
      const focus = () =>
        viewer.page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.tagName);
      const tabTo = async (wanted, { back = false } = {}) => {
        if (back) await keyboard.down('Shift');
        for (let presses = 0; presses < 30 && (await focus()) !== wanted; presses += 1) await keyboard.press('Tab');
        if (back) await keyboard.up('Shift');
        assert.equal(await focus(), wanted);
      };
      await viewer.page.bringToFront();
      await viewer.page.waitForSelector('[data-testid="channel-name"]');

      await tabTo('channel-name');
      await keyboard.down('Control');
      await keyboard.press('a');
      await keyboard.up('Control');
      await keyboard.type('by-keys');
      await tabTo('display-name');
      await keyboard.type('Keys');
      await tabTo('start-viewer');
      await keyboard.press('Enter');
      await viewer.isInCall();
      await tabTo('chat-input');
      await keyboard.type('typed only');
      await keyboard.press('Enter');
      await master.sees('Keys', 'here');
      await master.hears('typed only');
      await tabTo('stop', { back: true });
      await keyboard.press('Enter');

      await master.sees('Keys', 'left');
    });

    test('nothing runs off a screen of 320 pixels', async () => {
      const tab = await browser.newTab(service.http);
      await tab.page.setViewport({ width: 320, height: 640 });
      await tab.start('master', { channel: 'a-channel-with-a-very-long-name-that-has-no-end-in-sight', name: 'Ada' });
      await tab.is('master', 'open');
      await tab.start('viewer', {
        channel: 'a-channel-with-a-very-long-name-that-has-no-end-in-sight',
        name: 'Somebody With A Very Long Name Indeed',
      });
      await tab.isInCall();

      const width = await tab.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 320, `the page is ${width} pixels wide`);
    });
  });
}
