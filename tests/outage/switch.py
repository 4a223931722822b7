#!/usr/bin/env python3
"""A network of one's own: a namespace per name, and between them a switch that loses, delays and cuts as it is told.

switch.py NAME=ADDRESS…    Prints {"NAME": PID, …}: `nsenter -t PID -n` is inside. Then takes commands on standard input,
                           one a line: "cut NAME", "heal NAME", "loss NAME PERCENT", "delay NAME MILLISECONDS",
                           "rate NAME KBPS QUEUE_MILLISECONDS" (0 0: as fast as it goes), "queue NAME", which prints
                           {"port": NAME, "inMs", "outMs": what waits now, "inDropped", "outDropped": packets}.
                           Everything goes when its standard input ends.

Packets go through TUN devices and this process, because not every kernel has netem. Loss, delay and rate count on the way
out of a namespace and on the way in.
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


class Line:
    """One direction of a port: a queue that is emptied at a rate, and loses what does not fit."""

    def __init__(self):
        self.bits_per_second, self.longest_wait, self.free_at, self.dropped = 0.0, 0.0, 0.0, 0

    def wait(self, now):
        return max(0.0, self.free_at - now)

    def passes(self, now, size):
        """When the packet is through; None if it is lost."""
        if self.bits_per_second == 0:
            return now
        if self.wait(now) > self.longest_wait:
            self.dropped += 1
            return None
        self.free_at = max(now, self.free_at) + size * 8 / self.bits_per_second
        return self.free_at


class Port:
    def __init__(self, name, address, tun, pid):
        self.name, self.address, self.tun, self.pid = name, address, tun, pid
        self.is_cut, self.loss, self.delay = False, 0.0, 0.0
        self.out, self.into = Line(), Line()

    def passes(self, line, now, size):
        """When a packet that comes now is on the other side; None if it is lost."""
        if self.is_cut or random.random() * 100 < self.loss:
            return None
        through = line.passes(now, size)
        return None if through is None else through + self.delay


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
    elif words[0] == "rate":
        for one in (port.out, port.into):
            one.bits_per_second, one.longest_wait, one.free_at = float(words[2]) * 1000, float(words[3]) / 1000, 0.0
    elif words[0] == "queue":
        now = time.monotonic()
        print(json.dumps({"port": port.name, "inMs": round(port.into.wait(now) * 1000), "inDropped": port.into.dropped,
                          "outMs": round(port.out.wait(now) * 1000), "outDropped": port.out.dropped}), flush=True)
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
            leaves = source.passes(source.out, time.monotonic(), len(packet)) if target else None
            if leaves is not None:
                number += 1
                heapq.heappush(waiting, (leaves, number, False, target, packet))
        while waiting and waiting[0][0] <= time.monotonic():
            when, _, has_arrived, target, packet = heapq.heappop(waiting)
            if not has_arrived:
                arrives = target.passes(target.into, when, len(packet))
                if arrives is not None:
                    number += 1
                    heapq.heappush(waiting, (arrives, number, True, target, packet))
                continue
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
