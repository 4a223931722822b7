// Debian's Chromium and Firefox, headless, and a page of one with what a person does on the call page.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { until } from '../support/heliographd.mjs';

const CHROMIUM_SHOWS_ADDRESSES = new Set([
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--allow-loopback-in-peer-connection',
]);
const FIREFOX_SHOWS_ADDRESSES = 'media.peerconnection.ice.obfuscate_host_addresses';

/** Connections of this machine only, and devices that need no hardware. */
const CHROMIUM = {
  browser: 'chrome',
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...CHROMIUM_SHOWS_ADDRESSES,
    '--use-fake-device-for-media-stream',
  ],
};

const FIREFOX = {
  browser: 'firefox',
  executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
  extraPrefsFirefox: {
    'media.peerconnection.ice.loopback': true,
    [FIREFOX_SHOWS_ADDRESSES]: false,
    'media.navigator.streams.fake': true,
    'media.gmp-manager.updateEnabled': false,
    'media.gmp-provider.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'app.normandy.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
  },
};

/**
 * H.264 without the OpenH264 plugin, which Debian's Firefox would download: by the ffmpeg libraries of this machine, as
 * if they were hardware that is known to be good.
 */
const FIREFOX_H264 = {
  'media.webrtc.hw.h264.enabled': true,
  'gfx.blacklist.webrtc.hw.acceleration.h264': 1,
  'media.navigator.mediadatadecoder_h264_enabled': true,
  'media.ffmpeg.encoder.enabled': true,
  'media.webrtc.encoder_creation_strategy': 1,
};

export const browserNames = (process.env.BROWSERS ?? 'chromium firefox').split(/[ ,]+/);

export class Browser {
  /**
   * `devices`: what the browser says when a page asks for camera or microphone ("allow", "deny").
   * `trust: 'all'`: any certificate is good; what certificate it is, others check.
   * `h264`: Firefox receives H.264, which it does not in Debian without a download.
   * `hidden`: addresses are names of mDNS, as of everybody who has not allowed camera or microphone.
   */
  static async start(name, { devices = 'allow', trust, h264 = false, hidden = false } = {}) {
    const profile = await mkdtemp(join(tmpdir(), `heliograph-${name}-`));
    const settings = structuredClone(name === 'firefox' ? FIREFOX : CHROMIUM);
    if (name === 'firefox') settings.extraPrefsFirefox['media.navigator.permission.disabled'] = devices === 'allow';
    if (name === 'firefox' && devices === 'deny') {
      settings.extraPrefsFirefox['permissions.default.camera'] = 2;
      settings.extraPrefsFirefox['permissions.default.microphone'] = 2;
    }
    if (name === 'firefox' && h264) Object.assign(settings.extraPrefsFirefox, FIREFOX_H264);
    if (name === 'firefox' && hidden) delete settings.extraPrefsFirefox[FIREFOX_SHOWS_ADDRESSES];
    if (name === 'chromium' && hidden)
      settings.args = settings.args.filter((flag) => !CHROMIUM_SHOWS_ADDRESSES.has(flag));
    if (name === 'chromium' && !hidden)
      settings.args.push(`--use-fake-ui-for-media-stream${devices === 'deny' ? '=deny' : ''}`);
    const puppet = await puppeteer.launch({
      ...settings,
      headless: true,
      userDataDir: profile,
      timeout: 60_000,
      acceptInsecureCerts: trust === 'all',
    });
    // puppeteer stops reading what a browser writes once it is up; when the pipe is full, Chromium's network stands still.
    for (const stream of [puppet.process().stdout, puppet.process().stderr]) stream?.resume();
    return new Browser(name, puppet, profile);
  }

  constructor(name, puppet, profile) {
    this.name = name;
    this.puppet = puppet;
    this.profile = profile;
    this.tabs = [];
  }

  /** `prepare`: what runs in the page before its own scripts. */
  async newTab(url, prepare) {
    const tab = new Tab(await this.puppet.newPage(), this);
    this.tabs.push(tab);
    if (prepare) await tab.page.evaluateOnNewDocument(prepare);
    await tab.page.goto(url, { waitUntil: 'load' });
    return tab;
  }

  /** What every tab shows of its sessions, for the text of a failure. */
  async tell() {
    const tell = async (tab, at) => {
      await tab.page.select(id('log-level'), 'debug');
      return `tab ${at + 1}: ${await tab.texts('state')}\n${await tab.log()}`;
    };
    return (await Promise.all(this.tabs.map(tell))).join('\n');
  }

  /** Between tests: no page of the last one is left. */
  async closeTabs() {
    await Promise.all(this.tabs.splice(0).map((tab) => tab.close()));
  }

  async stop() {
    await this.puppet.close();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const id = (name) => `[data-testid="${name}"]`;

export class Tab {
  /** Uncaught exceptions of the page: a test ends with none. */
  errors = [];

  constructor(page, browser) {
    this.page = page;
    this.browser = browser;
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  async close() {
    if (!this.page.isClosed()) await this.page.close();
  }

  async fill(name, text) {
    await this.page.waitForSelector(id(name));
    await this.page.$eval(
      id(name),
      (input, value) => {
        const prototype = Object.getPrototypeOf(input);
        Object.getOwnPropertyDescriptor(prototype, 'value').set.call(input, value);
        input.dispatchEvent(new Event('input', { bubbles: true }));
      },
      text,
    );
  }

  /** By script, so that a tab in the background can be used too. */
  async press(name, within = '') {
    const selector = `${within} ${id(name)}`;
    await this.page.waitForSelector(selector);
    await this.page.$eval(selector, (element) => element.click());
  }

  async has(name, within = '') {
    return (await this.page.$(`${within} ${id(name)}`)) !== null;
  }

  async texts(name, within = '') {
    return this.page.$$eval(`${within} ${id(name)}`, (elements) => elements.map((element) => element.textContent));
  }

  async start(role, { channel, name = '', relayOnly = false, camera = false, microphone = false }) {
    await this.fill('channel-name', channel);
    await this.fill('display-name', name);
    for (const [box, wanted] of Object.entries({
      'relay-only': relayOnly,
      'use-camera': camera,
      'use-microphone': microphone,
    })) {
      const checked = await this.page.$eval(id(box), (element) => element.checked);
      if (checked !== wanted) await this.press(box);
    }
    await this.press(`start-${role}`);
  }

  log() {
    return this.page.$eval(id('log'), (element) => element.innerText);
  }

  async seesInLog(text, timeoutMs) {
    await until(
      async () => (await this.log()).includes(text),
      async () => `"${text}" in the log: ${await this.log()}`,
      timeoutMs,
    );
  }

  /** The session's card as a selector, for tabs with several. */
  static card(role) {
    return `[data-testid="session-${role}"]`;
  }

  async is(role, state, timeoutMs) {
    await until(() => this.page.$(`${Tab.card(role)}[data-state="${state}"]`), `${role} is ${state}`, timeoutMs);
  }

  async isInCall(timeoutMs = 20_000) {
    await until(
      async () => (await this.texts('state', Tab.card('viewer'))).some((text) => text.includes('In call')),
      async () => `the viewer is in a call: ${await this.browser.tell()}`,
      timeoutMs,
    );
  }

  /** The master's conversations: client id, name shown, presence, unread. */
  async conversations() {
    return this.page.$$eval(id('conversation'), (buttons) =>
      buttons.map((button) => ({
        client: button.dataset.client,
        presence: button.dataset.presence,
        name: button.querySelector('.person-name').textContent,
        unread: Number(button.querySelector('.unread')?.textContent ?? 0),
      })),
    );
  }

  async sees(name, presence, timeoutMs = 20_000) {
    let all = [];
    return until(
      async () => {
        all = await this.conversations();
        return all.find((one) => one.name === name && one.presence === presence);
      },
      () => `${name} is ${presence}: ${JSON.stringify(all)}`,
      timeoutMs,
    );
  }

  async select(client) {
    await this.page.$eval(`${id('conversation')}[data-client="${client}"]`, (button) => button.click());
    await this.page.waitForSelector(`${id('thread')}[data-client="${client}"]`);
  }

  async say(text, within = '') {
    const input = `${within} ${id('chat-input')}`;
    await this.page.waitForSelector(input);
    await this.page.$eval(
      input,
      (element, value) => {
        Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(element, value);
        element.dispatchEvent(new Event('input', { bubbles: true }));
      },
      text,
    );
    await this.page.waitForSelector(`${within} ${id('send')}:not(:disabled)`);
    await this.press('send', within);
  }

  /** What the thread shown holds: "me: …", "them: …". */
  async thread(within = '') {
    return this.page.$$eval(`${within} .messages .message`, (messages) =>
      messages
        .filter((message) => !message.classList.contains('message-note'))
        .map(
          (message) =>
            `${message.classList.contains('message-me') ? 'me' : 'them'}: ${message.querySelector('.text').textContent}`,
        ),
    );
  }

  async hears(text, within = '') {
    let seen = [];
    await until(
      async () => {
        seen = await this.thread(within);
        return seen.includes(`them: ${text}`);
      },
      () => `"${text}" is heard; the thread: ${JSON.stringify(seen)}`,
    );
  }

  /** Whether the remote video of the thread shown plays: its pictures change. */
  async seesVideo(within = '') {
    await until(
      () =>
        this.page.evaluate(
          (selector) => {
            const video = document.querySelector(selector);
            if (!video || video.dataset.live !== 'true' || video.videoWidth === 0) return false;
            const before = Number(video.dataset.seenAt ?? -1);
            video.dataset.seenAt = video.currentTime;
            return before >= 0 && video.currentTime > before;
          },
          `${within} ${id('remote-video')}`,
        ),
      'remote video plays',
      20_000,
    );
  }
}
