"""Writes requests that botocore has signed, one JSON object per line: random_signer.py SEED COUNT PORT REGION.

Half are POSTs with SigV4Auth, half are WebSocket URLs with SigV4QueryAuth. What is random: queries, headers, bodies.
"""

import json
import os
import random
import sys

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import percent_encode_sequence

seed, count, port, region = sys.argv[1:]
dice = random.Random(int(seed))
credentials = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
base = f"http://localhost:{port}"
# What signers disagree about: reserved and unreserved marks, percent signs, plus, space, letters beyond ASCII and beyond 16 bits.
LETTERS = "abcXYZ019-._~!*'();:@&=+$,/?%#[] äßλ🎥\"<>\\^`{|}"


def text(letters, most):
    return "".join(dice.choice(letters) for _ in range(dice.randint(0, most)))


def header_value():
    """Runs of spaces within, which are signed as one."""
    words = [text("abcXYZ019-._~!*'():@=+$/?%#[]", 8) or "x" for _ in range(dice.randint(1, 4))]
    return (" " * dice.randint(1, 3)).join(words)


def query():
    return {"q" + text(LETTERS, 6): text(LETTERS, 20) for _ in range(dice.randint(0, 4))}


def in_url(path, parameters):
    """As botocore's own clients write a query."""
    return f"{base}{path}?{percent_encode_sequence(parameters)}" if parameters else base + path


def sign_post():
    headers = {"Content-Type": dice.choice(["application/json", "application/x-amz-json-1.1", "text/plain; charset=utf-8"])}
    for _ in range(dice.randint(0, 4)):
        headers["X-" + (text("abcXYZ019-", 8).strip("-") or "a")] = header_value()
    body = json.dumps({"MaxResults": dice.randint(1, 10_000), text(LETTERS, 8): text(LETTERS, 200)}, ensure_ascii=dice.random() < 0.5)
    request = AWSRequest(method="POST", url=in_url("/listSignalingChannels", query()), headers=headers, data=body.encode())
    SigV4Auth(credentials, "kinesisvideo", region).add_auth(request)
    return request


def sign_url(arn):
    # An id per connection: the newest of an id displaces the older.
    parameters = {"X-Amz-ChannelARN": arn, "X-Amz-ClientId": f"{text('abcXYZ019-._', 100)}.{dice.getrandbits(64)}", **query()}
    request = AWSRequest(method="GET", url=in_url("/", parameters))
    SigV4QueryAuth(credentials, "kinesisvideo", region, dice.randint(60, 604_800)).add_auth(request)
    return request


for turn in range(int(count)):
    signed = sign_post() if turn % 2 == 0 else sign_url(os.environ["CHANNEL_ARN"])
    prepared = signed.prepare()
    # botocore names the host it signed only on the wire.
    headers = {**{name: str(value) for name, value in signed.headers.items()}, "Host": f"localhost:{port}"}
    body = prepared.body or b""
    body = body if isinstance(body, str) else body.decode()
    print(json.dumps({"method": signed.method, "url": prepared.url, "headers": headers, "body": body}))
