// Temporary credentials as unmodified clients get and use them: boto3, both JavaScript SDKs, the AWS CLI.
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { Agent, awscli, clientEnvironment, run } from './support/agent.mjs';
import { asCredentials, expiredCredentials, file, heliograph } from './support/identity.mjs';

const ISSUER = 'https://login.example';
const ONLINE = 'https://online.example'; // Its keys come from a URL.
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const roleArn = 'arn:aws:iam::000000000000:role/camera';
const agents = {};
let folder;
let keyServer;
let service;
let door;

/** An identity token, as an issuer signs it. */
function identityToken(claims, iss = ISSUER) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 300;
  const text = `${part({ alg: 'RS256', kid: 'k1' })}.${part({ iss, aud: 'sts.amazonaws.com', exp, ...claims })}`;
  return `${text}.${sign('sha256', text, privateKey).toString('base64url')}`;
}

/** Each client's spelling of an operation. */
const clients = {
  boto3: {
    file: 'boto3_agent.py',
    spell: (operation) => operation.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase(),
  },
  'JS v3': { file: 'js_v3.mjs', spell: (operation) => operation },
  'JS v2': { file: 'js_v2.mjs', spell: (operation) => operation },
};
const call = (name, agent, what, operation, input = {}) =>
  agent.do('call', what, clients[name].spell(operation), input);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-sts-'));
  const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] };
  const jwks = await file({ data: folder }, 'jwks.json', keys);
  keyServer = createServer((request, response) => {
    response.writeHead(request.url === '/jwks' ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(keys));
  });
  await new Promise((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  const online = `${ONLINE}=http://127.0.0.1:${keyServer.address().port}/jwks`;
  service = await Heliographd.start({ flags: ['--oidc-issuer', `${ISSUER}=${jwks}`, '--oidc-issuer', online] });
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' },
      {
        Effect: 'Allow',
        Principal: { Federated: 'login.example' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringLike: { 'login.example:sub': 'cam-*' } },
      },
      { Effect: 'Allow', Principal: { Federated: 'online.example' }, Action: 'sts:AssumeRoleWithWebIdentity' },
    ],
  };
  const policy = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'kinesisvideo:*', Resource: 'arn:aws:kinesisvideo:*:*:channel/door/*' },
  };
  const files = [await file(service, 'trust.json', trust), await file(service, 'door.json', policy)];
  await heliograph(service, 'role', 'add', 'camera', '--trust', files[0], '--policy', files[1]);
  for (const [name, { file: program }] of Object.entries(clients)) agents[name] = await Agent.start(program, service);
  await call('boto3', agents.boto3, 'video', 'CreateSignalingChannel', { ChannelName: 'door' });
  door = (await call('boto3', agents.boto3, 'video', 'DescribeSignalingChannel', { ChannelName: 'door' })).ChannelInfo;
});
after(async () => {
  for (const agent of Object.values(agents)) await agent.stop();
  await service?.stop();
  keyServer?.close();
  await rm(folder, { recursive: true, force: true });
});

for (const name of Object.keys(clients)) {
  test(`${name}: who am I, a session, a role with a session policy`, async () => {
    const sts = (operation, input) => call(name, agents[name], 'sts', operation, input);
    const me = await sts('GetCallerIdentity');
    assert.equal(me.Arn, 'arn:aws:iam::000000000000:user/default');
    assert.equal(me.Account, '000000000000');
    assert.match(me.requestId, /^[0-9a-f-]{36}$/);

    const session = (await sts('GetSessionToken', { DurationSeconds: 900 })).Credentials;
    assert.match(session.AccessKeyId, /^ASIA/);
    const left = new Date(session.Expiration) - Date.now();
    assert.ok(left > 880_000 && left <= 900_000, `${session.Expiration}`);

    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: ['kinesisvideo:Describe*', 'kinesisvideo:ConnectAsViewer'], Resource: '*' },
    });
    const assumed = await sts('AssumeRole', { RoleArn: roleArn, RoleSessionName: 'cam-7', Policy });
    assert.equal(assumed.AssumedRoleUser.Arn, 'arn:aws:sts::000000000000:assumed-role/camera/cam-7');
    assert.ok(assumed.PackedPolicySize > 0);

    const acting = await Agent.start(clients[name].file, service, asCredentials(assumed.Credentials));
    const as = (what, operation, input) => call(name, acting, what, operation, input);
    assert.equal((await as('sts', 'GetCallerIdentity')).Arn, assumed.AssumedRoleUser.Arn);
    assert.equal((await as('video', 'DescribeSignalingChannel', { ChannelName: 'door' })).status, 200);
    const denied = { code: 'AccessDeniedException', status: 401 };
    await assert.rejects(as('video', 'CreateSignalingChannel', { ChannelName: 'mine' }), denied);
    await acting.stop();
  });

  test(`${name}: failures have the codes of STS`, async () => {
    const sts = (operation, input) => call(name, agents[name], 'sts', operation, input);
    const RoleSessionName = 'cam-7';
    const nowhere = { RoleArn: `${roleArn}s`, RoleSessionName };
    await assert.rejects(sts('AssumeRole', nowhere), { code: 'AccessDenied', status: 403 });
    const Policy = '{"Version": "2012-10-17"}';
    const malformed = sts('AssumeRole', { RoleArn: roleArn, RoleSessionName, Policy });
    await assert.rejects(malformed, (error) => {
      assert.match(error.code, /^MalformedPolicyDocument(Exception)?$/); // v3 has the class of the model.
      return error.status === 400;
    });
    const WebIdentityToken = 'not.a.token';
    await assert.rejects(
      sts('AssumeRoleWithWebIdentity', { RoleArn: roleArn, RoleSessionName, WebIdentityToken }),
      (error) => /^InvalidIdentityToken(Exception)?$/.test(error.code) && error.status === 400,
    );
  });

  test(`${name}: a viewer joins with a web identity's credentials, and not when they have ended`, async () => {
    const identity = await call(name, agents[name], 'sts', 'AssumeRoleWithWebIdentity', {
      RoleArn: roleArn,
      RoleSessionName: 'cam-7',
      WebIdentityToken: identityToken({ sub: 'cam-7' }),
    });
    assert.equal(identity.SubjectFromWebIdentityToken, 'cam-7');
    assert.equal(identity.Provider, ISSUER);

    const endpoint = service.https.replace('https', 'wss');
    const open = async (agent, peer, clientId) => {
      if (name === 'boto3') return agent.do('open', peer, endpoint, door.ChannelARN, clientId ?? null);
      await agent.do('open', peer, { channelARN: door.ChannelARN, channelEndpoint: endpoint, clientId });
      return agent.event(peer, 'open');
    };
    const temporary = await Agent.start(clients[name].file, service, asCredentials(identity.Credentials));
    await open(agents[name], 'master');
    await open(temporary, 'viewer', 'v-1');
    if (name === 'boto3') {
      await temporary.do('send', 'viewer', JSON.stringify({ action: 'SDP_OFFER', messagePayload: 'b2ZmZXI=' }));
      const { text } = await agents[name].event('master', 'text');
      assert.deepEqual(JSON.parse(text), {
        messageType: 'SDP_OFFER',
        messagePayload: 'b2ZmZXI=',
        senderClientId: 'v-1',
      });
    } else {
      await temporary.do('sendSdpOffer', 'viewer', { type: 'offer', sdp: 'v=0\r\n' });
      assert.equal((await agents[name].event('master', 'sdpOffer')).from, 'v-1');
    }
    await temporary.do('close', 'viewer');
    await temporary.event('viewer', 'close');
    await agents[name].do('close', 'master');
    await agents[name].event('master', 'close');
    await temporary.stop();

    const ended = await Agent.start(clients[name].file, service, asCredentials(await expiredCredentials(service)));
    await assert.rejects(call(name, ended, 'video', 'DescribeSignalingChannel', { ChannelName: 'door' }), {
      code: 'ExpiredTokenException',
      status: 403,
    });
    if (name === 'boto3') {
      await assert.rejects(open(ended, 'late', 'v-2'), { status: 403 });
    } else {
      await ended.do('open', 'late', { channelARN: door.ChannelARN, channelEndpoint: endpoint, clientId: 'v-2' });
      assert.match((await ended.event('late', 'error')).message, /403/);
    }
    await ended.stop();
  });
}

test('the v3 SDK finds its way from a token file by itself', async () => {
  const AWS_WEB_IDENTITY_TOKEN_FILE = await file(service, 'token', identityToken({ sub: 'cam-7' }));
  const sdk = await Agent.start('js_v3.mjs', service, {
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_WEB_IDENTITY_TOKEN_FILE,
    AWS_ROLE_ARN: roleArn,
    AWS_ROLE_SESSION_NAME: 'from-a-file',
  });

  const { Arn } = await sdk.do('call', 'sts', 'GetCallerIdentity', {});

  assert.equal(Arn, 'arn:aws:sts::000000000000:assumed-role/camera/from-a-file');
  assert.equal((await sdk.do('call', 'video', 'DescribeSignalingChannel', { ChannelName: 'door' })).status, 200);
  await sdk.stop();
});

test('keys of an issuer come from its URL', async () => {
  const identity = await call('JS v3', agents['JS v3'], 'sts', 'AssumeRoleWithWebIdentity', {
    RoleArn: roleArn,
    RoleSessionName: 'online',
    WebIdentityToken: identityToken({ sub: 'ann' }, ONLINE),
  });

  assert.equal(identity.Provider, ONLINE);
  assert.match(identity.Credentials.AccessKeyId, /^ASIA/);
});

test('the AWS CLI gets credentials, and calls with them', async () => {
  const aws = async (command, env = {}) => {
    const args = [...command.split(' '), '--endpoint-url', service.https, '--output', 'json'];
    const { code, stdout, stderr } = await run(awscli, args, clientEnvironment(service, env));
    return { code, stderr, output: stdout.trim() ? JSON.parse(stdout) : null };
  };
  const token = identityToken({ sub: 'cam-8' });
  const named = `--role-arn ${roleArn} --role-session-name cam-8`;
  const [session, assumed, identity] = await Promise.all([
    aws('sts get-session-token --duration-seconds 900'),
    aws(`sts assume-role ${named}`),
    aws(`sts assume-role-with-web-identity ${named} --web-identity-token ${token}`),
  ]);
  for (const { code, stderr } of [session, assumed, identity]) assert.equal(code, 0, stderr);

  const [me, described, ended] = await Promise.all([
    aws('sts get-caller-identity', asCredentials(session.output.Credentials)),
    aws('kinesisvideo describe-signaling-channel --channel-name door', asCredentials(identity.output.Credentials)),
    aws('sts get-caller-identity', asCredentials(await expiredCredentials(service))),
  ]);
  assert.equal(me.output.Arn, 'arn:aws:iam::000000000000:user/default');
  assert.equal(described.output.ChannelInfo.ChannelARN, door.ChannelARN, described.stderr);
  assert.equal(ended.code, 254);
  assert.match(ended.stderr, /\(ExpiredToken\) when calling the GetCallerIdentity operation/);
});

test('a user that is removed takes its sessions along', async () => {
  const policy = await file(service, 'all.json', {
    Statement: { Effect: 'Allow', Action: 'kinesisvideo:*', Resource: '*' },
  });
  const { accessKey } = JSON.parse(await heliograph(service, 'user', 'add', 'ann', '--policy', policy, '--json'));
  const permanent = { AWS_ACCESS_KEY_ID: accessKey.id, AWS_SECRET_ACCESS_KEY: accessKey.secret };
  const ann = await Agent.start('boto3_agent.py', service, permanent);
  const { Credentials } = await ann.do('call', 'sts', 'get_session_token', {});
  const session = await Agent.start('boto3_agent.py', service, asCredentials(Credentials));
  const describe = (agent) => agent.do('call', 'video', 'describe_signaling_channel', { ChannelName: 'door' });
  assert.equal((await describe(session)).status, 200);

  await heliograph(service, 'user', 'remove', 'ann');

  for (const agent of [ann, session]) {
    await assert.rejects(describe(agent), { code: 'UnrecognizedClientException', status: 403 });
    await agent.stop();
  }
});
