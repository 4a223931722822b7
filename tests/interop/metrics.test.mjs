// What Prometheus makes of /metrics, and whether the dashboard and the alerts ask for metrics that there are.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Heliographd, root } from '../support/heliographd.mjs';

let service;
let families;
before(async () => {
  service = await Heliographd.start({ turn: 'auto' });
  await fetch(`${service.http}/listSignalingChannels`, { method: 'POST', body: '{}' });
  const text = await (await fetch(`${service.http}/metrics`)).text();
  const parser = join(root, 'tests/interop/agents/metrics_parser.py');
  const parsed = spawnSync('/usr/bin/python3', [parser], { input: text, encoding: 'utf8' });
  assert.equal(parsed.status, 0, parsed.stderr);
  families = JSON.parse(parsed.stdout);
});
after(() => service?.stop());

const read = (path) => readFileSync(join(root, path), 'utf8');
const named = (name) => families.find((family) => family.name === name.replace(/_total$/, ''));
/** Every name under which a sample can be asked for. */
const sampleNames = () =>
  new Set(
    families.flatMap(({ name, type }) => {
      if (type === 'counter') return [`${name}_total`];
      if (type === 'histogram') return ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`);
      return [name];
    }),
  );
const metricsIn = (text) => new Set(text.match(/\b(?:heliograph|process)_[a-z_]+\b/g));

test("Prometheus' own parser reads every metric, with a type and a help", () => {
  assert.ok(families.length > 35, `only ${families.length}`);
  for (const { name, type, help, samples } of families) {
    assert.ok(['counter', 'gauge', 'histogram'].includes(type), `${name} is ${type}`);
    assert.match(help, /^.{5,}\.$/, name);
    assert.ok(samples.length > 0, `${name} has no sample`);
    assert.match(name, /^(heliograph|process)_[a-z_]+$/);
  }
  assert.equal(new Set(families.map(({ name }) => name)).size, families.length, 'a metric comes twice');
});

test('no two samples have the same name and labels, and labels are words of the program', () => {
  const seen = families.flatMap(({ samples }) => samples.map((s) => s.name + JSON.stringify(s.labels)));
  assert.equal(new Set(seen).size, seen.length);
  assert.ok(seen.length < 1000, `${seen.length} time series`);
  const names = new Set(families.flatMap(({ samples }) => samples.flatMap((s) => Object.keys(s.labels))));
  assert.deepEqual([...names].sort(), [
    'call',
    'code',
    'error',
    'initiator',
    'le',
    'operation',
    'reason',
    'result',
    'role',
    'status',
    'type',
    'version',
  ]);
});

test('histograms are cumulative and their count is that of +Inf', () => {
  for (const { name, samples } of families.filter(({ type }) => type === 'histogram')) {
    const buckets = samples.filter((s) => s.name === `${name}_bucket`);
    let last;
    for (const { labels, value } of buckets) {
      const { le, ...rest } = labels;
      const key = JSON.stringify(rest);
      if (last?.key === key) assert.ok(value >= last.value, `${name} ${key} ${le}`);
      last = { key, value };
      if (le !== '+Inf') continue;
      const count = samples.find((s) => s.name === `${name}_count` && JSON.stringify(s.labels) === key);
      assert.equal(count.value, value);
    }
  }
});

test('a signature that is missing is counted, and the relay is up', () => {
  const value = (name, labels) =>
    named(name).samples.find((s) => Object.entries(labels).every(([key, wanted]) => s.labels[key] === wanted)).value;
  assert.equal(value('heliograph_auth_failures_total', { reason: 'not_signed' }), 1);
  assert.equal(value('heliograph_relay_up', {}), 1);
  assert.equal(value('heliograph_relay_starts_total', {}), 1);
  assert.ok(value('process_resident_memory_bytes', {}) > 1e6);
  assert.ok(value('process_open_fds', {}) > 5);
  assert.ok(Math.abs(value('process_start_time_seconds', {}) - Date.now() / 1000) < 120);
});

test('every metric that the dashboard shows is one that there is', () => {
  const dashboard = JSON.parse(read('packaging/grafana/heliograph.json'));
  const shown = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
  assert.ok(shown.length > 30);
  const there = sampleNames();
  for (const { title, expr } of shown) {
    const asked = metricsIn(expr);
    assert.ok(asked.size > 0, `${title} asks for nothing`);
    for (const name of asked) assert.ok(there.has(name), `${title}: there is no ${name}`);
  }
  for (const name of metricsIn(JSON.stringify(dashboard.templating) + JSON.stringify(dashboard.annotations)))
    assert.ok(there.has(name), `there is no ${name}`);
});

test('every metric that an alert watches is one that there is, and every alert says what to do', () => {
  const rules = read('packaging/prometheus/heliograph.rules.yml');
  const alerts = rules.split(/\n\s+- alert: /).slice(1);
  assert.ok(alerts.length > 10);
  const there = sampleNames();
  for (const alert of alerts) {
    const expr = /expr: (.+)/.exec(alert)[1];
    assert.match(alert, /severity: (critical|warning|info)/);
    assert.match(alert, /summary: .+\n\s+description: .+/);
    for (const name of metricsIn(expr)) assert.ok(there.has(name), `there is no ${name} (${expr})`);
  }
});
