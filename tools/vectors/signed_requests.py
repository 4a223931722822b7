"""Writes tests/vectors/sigv4_headers.json and sigv4_queries.json: signed requests that a verifier must accept.

Taken from real clients where one is at hand (botocore and the AWS CLI through a socket of this program; the JavaScript
SDKs through js_requests.mjs, whose output is the argument). The C SDK, Android, iOS and GStreamer requests are put
together here, after what those clients do, with a signer of its own. Run as README.md says.
"""

import datetime
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import platform
import subprocess
import sys
import threading
import urllib.parse

import boto3
import botocore
import botocore.auth
import botocore.awsrequest
import botocore.credentials

KEY_ID, SECRET, TOKEN, REGION = "AKIA4F7WJQR7FMMWMNXI", "FakeSecretKey", "Fake/Session+Token==", "us-west-2"
ARN = "arn:aws:kinesisvideo:us-west-2:123456789012:channel/demo-channel/1712136149494"
DATE = "20231107T044734Z"
EMPTY_HASH = hashlib.sha256(b"").hexdigest()
VECTORS = pathlib.Path(__file__).resolve().parents[2] / "tests" / "vectors"


def hmac_sha256(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(canonical: str, date: str = DATE) -> str:
    scope = f"{date[:8]}/{REGION}/kinesisvideo/aws4_request"
    key = ("AWS4" + SECRET).encode()
    for part in scope.split("/"):
        key = hmac_sha256(key, part)
    to_sign = "\n".join(["AWS4-HMAC-SHA256", date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    return hmac_sha256(key, to_sign).hex()


def strict(text: str) -> str:
    return urllib.parse.quote(text, safe="-_.~")


def url_host_allowed(text: str) -> str:
    """Swift's addingPercentEncoding(withAllowedCharacters: .urlHostAllowed)."""
    return urllib.parse.quote(text, safe="!$&'()*+,-.:;=[]_~")


def capture(send):
    """The request that `send(endpoint)` makes, as a vector's `request`."""
    seen = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.update(method="POST", target=self.path, headers=[list(h) for h in self.headers.items()],
                        body=body.decode())
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        send(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
    return seen


def botocore_requests():
    source = f"botocore {botocore.__version__}, captured"
    for token in (None, TOKEN):
        def client(service, endpoint):
            return boto3.client(service, endpoint_url=endpoint, region_name=REGION, aws_access_key_id=KEY_ID,
                                aws_secret_access_key=SECRET, aws_session_token=token)
        suffix = ", token" if token else ""
        yield f"botocore DescribeSignalingChannel{suffix}", source, capture(
            lambda url: client("kinesisvideo", url).describe_signaling_channel(ChannelName="demo-channel"))
        yield f"botocore ListSignalingChannels{suffix}", source, capture(
            lambda url: client("kinesisvideo", url).list_signaling_channels())
        yield f"botocore GetIceServerConfig{suffix}", source, capture(
            lambda url: client("kinesis-video-signaling", url).get_ice_server_config(ChannelARN=ARN, Service="TURN"))
    yield "botocore base path with a space", source, capture(
        lambda url: boto3.client("kinesisvideo", endpoint_url=url + "/base%20path", region_name=REGION,
                                 aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET).list_signaling_channels())


def cli_request():
    environment = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET,
                   "AWS_SESSION_TOKEN": TOKEN, "AWS_DEFAULT_REGION": REGION, "HOME": "/nonexistent"}
    version = subprocess.run(["/usr/bin/aws", "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
    yield "CLI CreateSignalingChannel, token", f"{version}, captured", capture(
        lambda url: subprocess.run(["/usr/bin/aws", "kinesisvideo", "create-signaling-channel", "--channel-name", "demo-channel",
                                    "--endpoint-url", url], env=environment, check=True, stdout=subprocess.DEVNULL))


def c_sdk_https(host: str, token: str | None, path: str, body: str):
    """producer-c, AwsV4Signer.c: three signed headers; the token goes along unsigned; X-Amz-Date in that spelling."""
    agent = "AWS-SDK-KVS/3.0.0 GCC/9.4.0 Linux/5.4.0 x86_64"
    signed = "host;user-agent;x-amz-date"
    canonical = "\n".join(["POST", path, "", f"host:{host}", f"user-agent:{agent}", f"x-amz-date:{DATE}", "", signed,
                           hashlib.sha256(body.encode()).hexdigest()])
    authorization = (f"AWS4-HMAC-SHA256 Credential={KEY_ID}/{DATE[:8]}/{REGION}/kinesisvideo/aws4_request, "
                     f"SignedHeaders={signed}, Signature={signature(canonical)}")
    headers = [["host", host], ["X-Amz-Date", DATE], ["Authorization", authorization],
               ["content-type", "application/json"], ["content-length", str(len(body))], ["user-agent", agent]]
    if token:
        headers.append(["x-amz-security-token", token])
    return {"method": "POST", "target": path, "headers": headers, "body": body}


def awkward_header_request():
    """What RFC 9110 allows between a signer and a verifier: inner runs of spaces, edges, the same name twice."""
    host, body = "localhost:3000", "{}"
    signed = "host;x-amz-date;x-amz-meta-list;x-amz-meta-text"
    canonical = "\n".join(["POST", "/listSignalingChannels", "", f"host:{host}", f"x-amz-date:{DATE}",
                           "x-amz-meta-list:one,two three", "x-amz-meta-text:a b c", "", signed,
                           hashlib.sha256(body.encode()).hexdigest()])
    authorization = (f"AWS4-HMAC-SHA256 Credential={KEY_ID}/{DATE[:8]}/{REGION}/kinesisvideo/aws4_request,"
                     f"SignedHeaders={signed},Signature={signature(canonical)}")
    headers = [["HOST", host], ["x-amz-date", DATE], ["x-amz-meta-list", "one"], ["X-Amz-Meta-Text", "  a   b\t c "],
               ["X-AMZ-META-LIST", "two  three"], ["authorization", authorization]]
    return {"method": "POST", "target": "/listSignalingChannels", "headers": headers, "body": body}


def unsigned_payload_request():
    host, body = "localhost:3000", '{"ChannelName":"demo-channel"}'
    signed = "host;x-amz-content-sha256;x-amz-date"
    canonical = "\n".join(["POST", "/describeSignalingChannel", "", f"host:{host}",
                           "x-amz-content-sha256:UNSIGNED-PAYLOAD", f"x-amz-date:{DATE}", "", signed, "UNSIGNED-PAYLOAD"])
    authorization = (f"AWS4-HMAC-SHA256 Credential={KEY_ID}/{DATE[:8]}/{REGION}/kinesisvideo/aws4_request, "
                     f"SignedHeaders={signed}, Signature={signature(canonical)}")
    headers = [["Host", host], ["X-Amz-Date", DATE], ["X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"],
               ["Authorization", authorization]]
    return {"method": "POST", "target": "/describeSignalingChannel", "headers": headers, "body": body}


def http_date_request():
    """No X-Amz-Date: the date is the Date header's (RFC 7231 form), as the SigV4 description allows."""
    host, body, http_date = "localhost:3000", "{}", "Tue, 07 Nov 2023 04:47:34 GMT"
    canonical = "\n".join(["POST", "/listSignalingChannels", "", f"date:{http_date}", f"host:{host}", "", "date;host",
                           hashlib.sha256(body.encode()).hexdigest()])
    authorization = (f"AWS4-HMAC-SHA256 Credential={KEY_ID}/{DATE[:8]}/{REGION}/kinesisvideo/aws4_request, "
                     f"SignedHeaders=date;host, Signature={signature(canonical)}")
    headers = [["Host", host], ["Date", http_date], ["Authorization", authorization]]
    return {"method": "POST", "target": "/listSignalingChannels", "headers": headers, "body": body}


def presigned(encode, expires: int, token: str | None, client_id: str | None, signed_host: str, sent_host: str,
              arn: str = ARN):
    """A WebSocket URL with X-Amz-Signature last, whose values are spelled by `encode`."""
    query = [("X-Amz-ChannelARN", arn)]
    if client_id:
        query.append(("X-Amz-ClientId", client_id))
    query += [("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
              ("X-Amz-Credential", f"{KEY_ID}/{DATE[:8]}/{REGION}/kinesisvideo/aws4_request"),
              ("X-Amz-Date", DATE), ("X-Amz-Expires", str(expires)), ("X-Amz-SignedHeaders", "host")]
    if token:
        query.append(("X-Amz-Security-Token", token))
    spelled = [f"{name}={encode(value)}" for name, value in query]
    canonical = "\n".join(["GET", "/", "&".join(sorted(spelled)), f"host:{signed_host}", "", "host", EMPTY_HASH])
    target = "/?" + "&".join(spelled + [f"X-Amz-Signature={signature(canonical)}"])
    return {"method": "GET", "target": target, "headers": [["Host", sent_host]], "body": ""}


def botocore_presigned(token: str | None):
    """What Python applications do for this service: SigV4QueryAuth over a GET of the endpoint."""
    credentials = botocore.credentials.Credentials(KEY_ID, SECRET, token)
    url = "https://localhost:3000/?" + urllib.parse.urlencode({"X-Amz-ChannelARN": ARN, "X-Amz-ClientId": "viewer-1"})
    request = botocore.awsrequest.AWSRequest(method="GET", url=url)
    botocore.auth.SigV4QueryAuth(credentials, "kinesisvideo", REGION, expires=299).add_auth(request)
    parts = urllib.parse.urlsplit(request.url)
    return {"method": "GET", "target": f"{parts.path}?{parts.query}", "headers": [["Host", "localhost:3000"]], "body": ""}


def date_of(request) -> str:
    for name, value in request["headers"]:
        if name.lower() == "x-amz-date":
            return value
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(request["target"]).query)
    return query.get("X-Amz-Date", [DATE])[0]


def vector(name: str, source: str, request):
    # The kernel's version says nothing here; no client signs the header that holds it.
    request["headers"] = [[key, value.replace(platform.release(), "5.15")] for key, value in request["headers"]]
    date = date_of(request)
    moment = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    headers = {key.lower(): value for key, value in request["headers"]}
    query = dict(part.partition("=")[::2] for part in urllib.parse.urlsplit(request["target"]).query.split("&"))
    token = headers.get("x-amz-security-token") or urllib.parse.unquote(query.get("X-Amz-Security-Token", ""))
    return {"name": name, "source": source,
            "input": {**request, "secretAccessKey": SECRET, "now": date, "nowMs": int(moment.timestamp() * 1000)},
            "expected": {"accessKeyId": KEY_ID, "date": date, "region": REGION, "service": "kinesisvideo",
                         "sessionToken": token}}


def main():
    aws_host = "kinesisvideo.us-west-2.amazonaws.com"
    by_hand = "made by signed_requests.py after "
    headers = [vector(v["name"], v["source"], v["request"]) for v in json.loads(pathlib.Path(sys.argv[1]).read_text())]
    headers += [vector(*v) for v in botocore_requests()] + [vector(*v) for v in cli_request()]
    for token in (None, TOKEN):
        suffix = ", token" if token else ""
        headers.append(vector(f"C SDK DescribeSignalingChannel{suffix}", by_hand + "producer-c AwsV4Signer.c", c_sdk_https(
            aws_host, token, "/describeSignalingChannel", '{\n\t"ChannelName": "demo-channel"\n}')))
    headers.append(vector("untidy headers", by_hand + "the SigV4 description", awkward_header_request()))
    headers.append(vector("unsigned payload", by_hand + "the SigV4 description", unsigned_payload_request()))
    headers.append(vector("Date instead of X-Amz-Date", by_hand + "the SigV4 description", http_date_request()))

    c_sdk, android, ios, gst = (by_hand + name for name in (
        "producer-c AwsV4Signer.c", "the Android sample's AwsV4Signer.java", "the iOS sample's KVSSigner.swift",
        "gst-plugins-rs aws_kvs_signaller"))
    host = "v-0a1b2c3d.kinesisvideo.us-west-2.amazonaws.com"
    queries = []
    for token in (None, TOKEN):
        suffix = ", token" if token else ""
        queries += [
            vector(f"C SDK viewer{suffix}", c_sdk, presigned(strict, 604800, token, "ConsumerViewer", host, host)),
            vector(f"C SDK master{suffix}", c_sdk, presigned(strict, 2400, token, None, host, host)),
            vector(f"Android viewer, port not signed{suffix}", android, presigned(
                strict, 299, token, "android-viewer", "localhost", "localhost:3000")),
            vector(f"iOS viewer, colons raw, port not signed{suffix}", ios, presigned(
                url_host_allowed, 299, token, "ConsumerViewer", "localhost", "localhost:3000")),
            vector(f"iOS viewer, IPv6{suffix}", ios, presigned(
                url_host_allowed, 299, token, "ConsumerViewer", "[::1]", "[::1]:3000")),
            vector(f"GStreamer master{suffix}", gst, presigned(strict, 300, token, None, "localhost:3000", "localhost:3000")),
            vector(f"botocore SigV4QueryAuth{suffix}", f"botocore {botocore.__version__}", botocore_presigned(token)),
        ]
    queries.append(vector("default port signed but not sent", by_hand + "a browser, which drops :443 from Host",
                          presigned(strict, 299, None, "viewer-1", "kvs.example.org:443", "kvs.example.org")))
    for file, vectors in (("sigv4_headers.json", headers), ("sigv4_queries.json", queries)):
        (VECTORS / file).write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")


main()
