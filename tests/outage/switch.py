#!/usr/bin/env python3
"""A network of one's own: a namespace per name, and between them a switch that loses, delays and cuts as it is told.

switch.py NAME=ADDRESS…    Prints {"NAME": PID, …}: `nsenter -t PID -n` is inside. Then takes commands on standard input,
                           one a line: "cut NAME", "heal NAME", "loss NAME PERCENT", "delay NAME MILLISECONDS".
                           Everything goes when its standard input ends.

Packets go through TUN devices and this process, because not every kernel has netem. Loss and delay count on the way out
of a namespace and on the way in.
"""
import array
import ctypes
import fcntl
import heapq
import ipaddress
import json
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
TUNSETIFF = 0x400454CA
IFF_TUN_NO_PI = 0x0001 | 0x1000
LIBC = ctypes.CDLL(None, use_errno=True)


class Port:
    def __init__(self, name, address, tun, pid):
        self.name, self.address, self.tun, self.pid = name, address, tun, pid
        self.is_cut, self.loss, self.delay = False, 0.0, 0.0

    def takes(self):
        return not self.is_cut and random.random() * 100 >= self.loss


def open_inside(name, address, to_parent):
    """In a child: the namespace, its device, and then nothing but being there."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if LIBC.unshare(CLONE_NEWNET) != 0:
        sys.exit(f"a network namespace needs root, or `unshare -Ur`: {os.strerror(ctypes.get_errno())}")
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", b"wan0", IFF_TUN_NO_PI))
    for command in (f"addr add {address}/24 dev wan0", "link set wan0 mtu 1400 up", "link set lo up",
                    "route add default dev wan0"):
        subprocess.run(["ip", *command.split()], check=True)
    to_parent.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [tun]))])
    os.close(tun)
    while True:
        signal.pause()


def make_port(name, address):
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        open_inside(name, address, theirs)
    theirs.close()
    message, ancillary, _, _ = ours.recvmsg(1, socket.CMSG_SPACE(4))
    if not message or not ancillary:
        sys.exit(f"the namespace of {name} could not be made")
    tun = array.array("i", ancillary[0][2])[0]
    os.set_blocking(tun, False)
    return Port(name, ipaddress.ip_address(address).packed, tun, pid)


def obey(line, ports):
    words = line.split()
    port = ports[words[1]]
    if words[0] in ("cut", "heal"):
        port.is_cut = words[0] == "cut"
    elif words[0] == "loss":
        port.loss = float(words[2])
    elif words[0] == "delay":
        port.delay = float(words[2]) / 1000
    print(f"done {line}", flush=True)


def run(ports):
    by_address = {port.address: port for port in ports.values()}
    by_tun = {port.tun: port for port in ports.values()}
    waiting, number, commands = [], 0, b""
    while True:
        patience = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        readable, _, _ = select.select([0, *by_tun], [], [], patience)
        for descriptor in readable:
            if descriptor == 0:
                piece = os.read(0, 4096)
                if not piece:
                    return
                *lines, commands = (commands + piece).split(b"\n")
                for line in lines:
                    obey(line.decode(), ports)
                continue
            packet = os.read(descriptor, 65536)
            if len(packet) < 20 or packet[0] >> 4 != 4:
                continue
            source, target = by_tun[descriptor], by_address.get(packet[16:20])
            if target is None or not source.takes() or not target.takes():
                continue
            number += 1
            heapq.heappush(waiting, (time.monotonic() + source.delay + target.delay, number, target, packet))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, target, packet = heapq.heappop(waiting)
            if target.is_cut:
                continue
            try:
                os.write(target.tun, packet)
            except OSError:
                pass  # Its queue is full: lost, as in a real network.


def main(arguments):
    ports = {}
    for argument in arguments:
        name, address = argument.split("=")
        ports[name] = make_port(name, address)
    print(json.dumps({name: port.pid for name, port in ports.items()}), flush=True)
    try:
        run(ports)
    finally:
        for port in ports.values():
            os.kill(port.pid, signal.SIGKILL)
            os.waitpid(port.pid, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
