"""The servers that are compared: how each is started, prepared and ended. Standard library only."""
import configparser
import contextlib
import datetime
import functools
import hashlib
import hmac
import http.client
import json
import os
import resource
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REGION = "us-east-1"
START_SECONDS = 20


def pinned(command, core):
    """The command on one processor core, so that server and client do not share one; as it is where there is one."""
    return ["taskset", "-c", str(core), *command] if (os.cpu_count() or 1) > 1 and shutil.which("taskset") else command


def raise_file_limit():
    """Sockets are files: as many as the machine allows. Gives how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # Only root may have more than it was given.
        hard = max(hard, 300_000)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


@functools.cache
def can_count_system_calls():
    """perf(1) is here and the kernel lets us use it."""
    probe = ["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "true"]
    return bool(shutil.which("perf")) and subprocess.run(probe, capture_output=True, check=False).returncode == 0


def wait_until(ready, process, what):
    """Polls until ready() gives something; ends with a text when the process dies or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        result = ready()
        if result:
            return result
        if process.poll() is not None:
            raise SystemExit(f"{what} ended with {process.returncode} instead of starting")
        time.sleep(0.05)
    raise SystemExit(f"{what} was not ready within {START_SECONDS} seconds")


def answers(port):
    """Whether somebody accepts connections there."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        connection.connect()
        connection.close()
        return True
    except OSError:
        return False


def signed_headers(host, path, body, key_id, secret):
    """The headers of SigV4 for a POST (Signature Version 4: canonical request, string to sign, signature)."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{now[:8]}/{REGION}/kinesisvideo/aws4_request"
    canonical = f"POST\n{path}\n\nhost:{host}\nx-amz-date:{now}\n\nhost;x-amz-date\n{hashlib.sha256(body).hexdigest()}"
    to_sign = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = ("AWS4" + secret).encode()
    for part in (*scope.split("/"), to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    authorization = f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders=host;x-amz-date, Signature={key.hex()}"
    return {"Host": host, "X-Amz-Date": now, "Authorization": authorization, "Content-Type": "application/json"}


class Server:
    """A running server. `client_arguments` and `environment` are what load_client needs to talk to it."""

    def __init__(self, name, process, port, client_arguments, environment):
        self.name, self.process, self.port = name, process, port
        self.client_arguments = [*client_arguments, "--port", str(port), "--server-pid", str(process.pid)]
        self.environment = {**os.environ, **environment}


@contextlib.contextmanager
def running(command, log):
    """A child process with its output in a file; ended, and waited for, on the way out."""
    with open(log, "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Certificate:
    """A self-signed P-256 certificate for 127.0.0.1."""

    def __init__(self, folder):
        self.file, self.key = Path(folder) / "certificate.pem", Path(folder) / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2",
                        "-keyout", self.key, "-out", self.file], check=True, capture_output=True)


def heliographd_command(binary, data, threads=1):
    return [str(binary), "--listen", "127.0.0.1:0", "--data", str(data), "--turn", "off", "--threads", str(threads),
            "--log-level", "warning"]


def ready_port(data, process):
    """The port of a heliographd that has just been started, once it accepts connections."""
    runtime = data / "runtime.json"
    text = wait_until(lambda: runtime.exists() and runtime.read_text(), process, "heliographd")
    port = int(json.loads(text)["httpEndpoint"].rsplit(":", 1)[1].strip("/"))
    wait_until(lambda: answers(port), process, "heliographd")
    return port


def read_key(data):
    """Key id and secret that heliographd made at its first start."""
    credentials = configparser.ConfigParser()
    credentials.read(data / "credentials")
    key = credentials[credentials.sections()[0]]
    return key["aws_access_key_id"], key["aws_secret_access_key"]


def cpu_seconds(pid):
    """CPU time of a process so far, all threads, in nanoseconds' precision (clock_getcpuclockid)."""
    return time.clock_gettime(~pid << 3 | 2)


@contextlib.contextmanager
def heliographd(binary, pairs, threads=1):
    """heliographd without a relay, on fresh data, with one channel for each pair; one thread has core 0. The port takes
    TLS as well."""
    with tempfile.TemporaryDirectory(prefix="heliograph-bench-") as folder:
        data = Path(folder) / "data"
        command = heliographd_command(binary, data, threads)
        with running(pinned(command, 0) if threads == 1 else command, Path(folder) / "log") as process:
            port = ready_port(data, process)
            key_id, secret = read_key(data)
            channels = Path(folder) / "channels"
            channels.write_text("\n".join(create_channels(port, pairs, key_id, secret)) + "\n")
            yield Server("heliographd", process, port,
                         ["--protocol", "kvs", "--region", REGION, "--channels", str(channels)],
                         {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret})


def create_channels(port, count, key_id, secret):
    """Creates signaling channels over one connection; gives their ARNs."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    arns = []
    for number in range(count):
        body = json.dumps({"ChannelName": f"bench-{number}"}).encode()
        path = "/createSignalingChannel"
        connection.request("POST", path, body, signed_headers(f"127.0.0.1:{port}", path, body, key_id, secret))
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"heliographd refused to create a channel: {answer.status} {text[:300]!r}")
        arns.append(json.loads(text)["ChannelARN"])
    return arns


def npm_program(path):
    """A file of bench's npm packages."""
    found = next((root / path for root in (ROOT / "bench/node_modules", ROOT / "node_modules") if (root / path).exists()),
                 None)
    if found is None:
        raise SystemExit(f"{path} is not installed: run ./dev bench")
    return found


@contextlib.contextmanager
def peerjs(pairs):
    """PeerJS' server with its defaults, but for the number of clients it takes."""
    port = free_port()
    command = ["node", str(npm_program(".bin/peerjs")), "--host", "127.0.0.1", "--port", str(port), "--key", "peerjs",
               "--concurrent_limit", str(4 * pairs + 4096)]
    with tempfile.TemporaryDirectory(prefix="heliograph-bench-") as folder:
        with running(pinned(command, 0), Path(folder) / "log") as process:
            wait_until(lambda: answers(port), process, "PeerJS' server")
            yield Server("PeerJS", process, port, ["--protocol", "peerjs"], {})


@contextlib.contextmanager
def bare(name, command, *after_port):
    """A relay of rivals/, started with the port that it is to listen on."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="heliograph-bench-") as folder:
        full = [*map(str, command), str(port), *map(str, after_port)]
        with running(pinned(full, 0), Path(folder) / "log") as process:
            wait_until(lambda: answers(port), process, name)
            yield Server(name, process, port, ["--protocol", "bare"], {})


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
