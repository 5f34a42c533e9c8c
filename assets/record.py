#!/usr/bin/env python3
"""Records assets/session.cast: a bad canary is seen, judged and rolled back.

Nothing in it is made up. The real demonstration runs; one of its releases in five is bad to its users. This script moves the
good canaries before it out of the way by command, opens the real console on a terminal of its own when the bad release is
under way, types what a person would, and writes down every byte that the console writes, with its time. It looks at the
command line's JSON to know when to type, never at the screen. Times in which nothing is written are cut to IDLE seconds.

    python3 assets/record.py [PROGRAM]      # target/release/leverframe

It takes about ten minutes, most of them before the recording. `LEVERFRAME_DRAW=1 cargo test --test it -- screens::session`
then draws assets/session.svg from it.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "target/release/leverframe"))
COLUMNS, ROWS = 112, 32
# No pause of the recording is longer, in seconds.
IDLE = 2.0
# Checkout's run that makes the bad release: src/demo/samples.rs says which are.
BAD = 5
# The longest wait for anything, in seconds.
PATIENCE = 600.0
ENVIRONMENT = {
    **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
    "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "TZ": "UTC",
}


def main():
    with tempfile.TemporaryDirectory(prefix="leverframe-record-") as folder:
        demo = subprocess.Popen([PROGRAM, "demo", "--no-console", "--keep", os.path.join(folder, "demo")],
                                stdout=subprocess.PIPE, env=ENVIRONMENT)
        try:
            shop = Shop(demo.stdout.readline().decode().split(maxsplit=1)[1].strip())
            shop.walk_to_the_bad_release()
            events = play(shop)
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait()
    write(events)


class Shop:
    """The demonstration, by command."""

    def __init__(self, config):
        self.config = config

    def command(self, *words):
        return subprocess.run([PROGRAM, "--config", self.config, *words], env=ENVIRONMENT,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    def checkout(self):
        """The newest run's number, and production."""
        services = json.loads(self.command("status", "checkout", "--json").stdout)["data"]["services"]
        if not services:
            return 0, {}
        run = services[0]["latest_run"] or {}
        return run.get("number") or 0, services[0]["environments"][-1]

    def rollout(self):
        return self.checkout()[1].get("rollout") or {}

    def weight(self):
        return self.rollout().get("actual_weight")

    def verdict(self):
        return (self.rollout().get("verdict") or {}).get("state")

    def walk_to_the_bad_release(self):
        """Lets every canary before it have all the traffic, as soon as it stands at its manual step."""
        until = time.monotonic() + PATIENCE
        while True:
            number, production = self.checkout()
            if number >= BAD:
                return
            rollout = production.get("rollout") or {}
            if rollout.get("phase") == "waiting" and rollout.get("set_weight") == 25:
                self.command("canary", "checkout", "production", "full", "--yes")
            if time.monotonic() > until:
                sys.exit(f"the bad release did not come; the newest run is {number}")
            time.sleep(1)


class Console:
    """The console on a terminal of its own, and what it writes."""

    def __init__(self, config):
        self.began = time.monotonic()
        self.events = []
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execve(PROGRAM, [PROGRAM, "--config", config], ENVIRONMENT)

    def pause(self, seconds):
        """Goes on for a while, and keeps what is written."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self.terminal], [], [], left)[0]:
                try:
                    written = os.read(self.terminal, 65536)
                except OSError:
                    return
                self.note("o", written)

    def note(self, kind, what):
        self.events.append((time.monotonic() - self.began, kind, what))

    def type(self, keys, each=0.15):
        for key in keys:
            os.write(self.terminal, key.encode())
            self.pause(each)

    def until(self, holds):
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                sys.exit("what was waited for did not come")
            self.pause(0.3)

    def mark(self, words):
        """The screen as it is now is worth a picture."""
        self.note("m", words.encode())


def play(shop):
    console = Console(shop.config)
    console.pause(2)
    console.type(":checkout\r")
    console.pause(2)
    console.until(lambda: shop.weight() == 10)
    console.pause(1.5)
    console.mark("A new release of checkout comes to production: its canary gets 10 % of the users")
    console.type("4")
    console.pause(2)
    console.type("w40\r")
    console.pause(1.5)
    console.mark("w40 asks for more, to know sooner. Every lever is a plan first; y pulls it")
    console.type("y")
    console.until(lambda: shop.weight() == 40)
    console.pause(2)
    console.mark("The weight was ordered, and seen to be so")
    console.until(lambda: shop.verdict() == "fail")
    console.pause(25)
    console.mark("Judged: error rate and latency of the candidate are over their limits")
    console.type("R")
    console.pause(1.5)
    console.type("\terrors eight times the limit\t", each=0.05)
    console.pause(1.5)
    console.mark("R rolls back: what it rests on, the call that is sent, the way back")
    console.type("y")
    console.until(lambda: shop.rollout().get("phase") in ("aborted", "complete", "idle", None))
    console.pause(2.5)
    console.mark("Reached: nobody is on the bad release any more")
    console.type("1")
    console.pause(2.5)
    console.mark("The board says who holds production, and why")
    console.type("q")
    console.pause(1)
    os.waitpid(console.pid, 0)
    return console.events


def write(events):
    header = {
        "version": 2, "width": COLUMNS, "height": ROWS, "idle_time_limit": IDLE,
        "title": "leverframe: a bad canary is seen, judged and rolled back",
        "env": {"TERM": ENVIRONMENT["TERM"], "COLORTERM": ENVIRONMENT["COLORTERM"]},
    }
    with open(os.path.join(ROOT, "assets/session.cast"), "w", encoding="utf-8") as cast:
        print(json.dumps(header), file=cast)
        before, at, rest = 0.0, 0.0, b""
        for when, kind, what in events:
            at, before = at + min(when - before, IDLE), when
            if kind == "o":
                # A character that is cut in two waits for its rest.
                what = rest + what
                text = what.decode("utf-8", "ignore")
                rest = what[len(text.encode()):]
            else:
                text = what.decode()
            print(json.dumps([round(at, 3), kind, text], ensure_ascii=False), file=cast)


if __name__ == "__main__":
    main()
