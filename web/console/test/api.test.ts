// The service's own API, as the page calls it.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import { api, ApiError, serviceSigner } from '../src/call/api';
import { FakeService } from '../test-support/fakes';

let service: FakeService;
beforeEach(() => {
  service = new FakeService();
});

async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiError);
  return error;
}

describe('api', () => {
  it('asks what the service expects', async () => {
    service.answers = { info: { body: { region: 'r' } }, login: {}, logout: {}, join: { body: {} } };

    await api.info();
    await api.login('id', 'secret');
    await api.logout();
    await api.join('robot', 'MASTER');
    await api.join('robot', 'VIEWER', 'ann');

    const base = '/_heliograph/v1/';
    assert.deepEqual(service.asked, [
      ['GET', `${base}info`, undefined],
      ['POST', `${base}login`, { accessKeyId: 'id', secretAccessKey: 'secret' }],
      ['POST', `${base}logout`, {}],
      ['POST', `${base}join`, { channelName: 'robot', role: 'MASTER' }],
      ['POST', `${base}join`, { channelName: 'robot', role: 'VIEWER', clientId: 'ann' }],
    ]);
  });

  it('has the service sign connections', async () => {
    const url = await serviceSigner.getSignedURL('ws://localhost:1', { 'X-Amz-ChannelARN': 'arn' });

    assert.equal(url, 'ws://localhost:1/signed');
    assert.deepEqual(service.asked[0]![2], {
      endpoint: 'ws://localhost:1',
      queryParams: { 'X-Amz-ChannelARN': 'arn' },
    });
  });

  for (const [what, answer, status, message, needsLogin, isPassing] of [
    ['a refusal', { status: 400, body: { __type: 'X', message: 'why' } }, 400, 'why', false, false],
    ['a capital Message', { status: 404, body: { Message: 'Why' } }, 404, 'Why', false, false],
    ['no login', { status: 401, body: { message: 'log in' } }, 401, 'log in', true, false],
    ['a failure', { status: 503, body: {} }, 503, 'The service answered 503.', false, true],
    ["a proxy's page", { status: 502, body: '<html>' }, 502, 'The service answered 502.', false, true],
    ['nothing', 'unreachable', 0, 'The service cannot be reached. Is heliographd running?', false, true],
  ] as const) {
    it(`tells of ${what} in words, and whether to try again`, async () => {
      service.answers.info = answer;

      const error = await failureOf(api.info());

      assert.deepEqual(
        [error.status, error.message, error.needsLogin, error.isPassing],
        [status, message, needsLogin, isPassing],
      );
    });
  }
});
