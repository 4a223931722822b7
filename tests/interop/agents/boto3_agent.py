"""Agent: boto3 for the calls, botocore's SigV4QueryAuth and websocket-client for the conversation."""

import os
import select
import threading

import boto3
import botocore.session
import websocket
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from agent import serve, tell

SERVICES = {"video": "kinesisvideo", "signaling": "kinesis-video-signaling", "sts": "sts"}
_clients = {}
_sockets = {}


def client_of(service, options):
    # Debian 12's botocore does not read AWS_ENDPOINT_URL_…: the address is given, as its users do.
    options = {"endpoint_url": os.environ["AWS_ENDPOINT_URL_KINESIS_VIDEO"], **options}
    key = (service, *sorted(options.items()))
    if key not in _clients:
        _clients[key] = boto3.client(SERVICES[service], **options)
    return _clients[key]


def call(service, operation, given, options=None):
    answer = getattr(client_of(service, options or {}), operation)(**given)
    about = answer.pop("ResponseMetadata")
    return {**answer, "status": about["HTTPStatusCode"], "requestId": about["RequestId"], "attempts": about["RetryAttempts"] + 1}


def list_all(given, page_size):
    pages = client_of("video", {}).get_paginator("list_signaling_channels").paginate(
        **given, PaginationConfig={"PageSize": page_size}
    )
    return [[channel["ChannelName"] for channel in page["ChannelInfoList"]] for page in pages]


def presign(endpoint, parameters, expires):
    """A URL as botocore signs it."""
    credentials = botocore.session.Session().get_credentials()
    request = AWSRequest(method="GET", url=endpoint.replace("wss:", "https:") + "/", params=parameters)
    SigV4QueryAuth(credentials, "kinesisvideo", os.environ["AWS_REGION"], expires).add_auth(request)
    return request.prepare().url.replace("https:", "wss:")


def take(peer, connection):
    """Tells what has come. False at the end."""
    try:
        opcode, data = connection.recv_data(control_frame=True)
    except (websocket.WebSocketException, OSError) as error:
        tell(peer, "close", code=1006, reason=str(error))
        return False
    if opcode == websocket.ABNF.OPCODE_TEXT:
        tell(peer, "text", text=data.decode())
    elif opcode == websocket.ABNF.OPCODE_CLOSE:
        tell(peer, "close", code=int.from_bytes(data[:2], "big"), reason=data[2:].decode())
        return False
    return True


def listen(peer, connection, guard):
    """Tells everything that comes, until the end."""
    more = True
    while more:
        # What came in one piece with the handshake's answer is not announced by the socket again.
        with guard:
            is_waiting = connection.sock.pending() > 0
        if not is_waiting:
            select.select([connection], [], [])
        with guard:
            more = take(peer, connection)


def open_socket(peer, endpoint, channel_arn, client_id=None, expires=300):
    parameters = {"X-Amz-ChannelARN": channel_arn}
    if client_id:
        parameters["X-Amz-ClientId"] = client_id
    url = presign(endpoint, parameters, expires)
    connection = websocket.create_connection(url, sslopt={"ca_certs": os.environ["AWS_CA_BUNDLE"]}, timeout=30)
    # OpenSSL wants one thread at a time at a connection, and Python 3.11 has no lock for that: a read beside a write may
    # come back as the end of the connection, though nothing has ended.
    guard = threading.Lock()
    _sockets[peer] = connection, guard
    threading.Thread(target=listen, args=(peer, connection, guard), daemon=True).start()


def send(peer, text):
    connection, guard = _sockets[peer]
    with guard:
        connection.send(text)


def ping(peer):
    connection, guard = _sockets[peer]
    with guard:
        connection.ping("still there?")


def close(peer):
    connection, guard = _sockets.pop(peer)
    with guard:
        connection.send_close()


def describe(error):
    if isinstance(error, websocket.WebSocketBadStatusException):
        return {"status": error.status_code}
    if not isinstance(error, ClientError):
        return {}
    about = error.response["ResponseMetadata"]
    return {
        "code": error.response["Error"]["Code"],
        "text": error.response["Error"]["Message"],
        "status": about["HTTPStatusCode"],
        "requestId": about.get("RequestId"),
        # The class that a program names in its except clause.
        "modelled": any(
            type(error) is getattr(client.exceptions, type(error).__name__, None) for client in _clients.values()
        ),
    }


serve(
    {"call": call, "listAll": list_all, "open": open_socket, "send": send, "ping": ping, "close": close},
    describe,
)
