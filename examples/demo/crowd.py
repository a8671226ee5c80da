"""A crowd of clients for the demonstration: tills, browsers, sensors, wallboards, a batch job and others.

    python3 crowd.py                             200 clients of the server that `./dev run` has started
    MUSTER_TOKEN=... python3 crowd.py --admin http://127.0.0.1:8081    and makes topics and channels for them

They come back when the server does, and answer what it asks: any JSON with a report; `{"wait":SECONDS}`
after that time, `{"fail":TEXT}` with an error, `{"silent":true}` never. Needs the package `websockets`."""

import argparse
import asyncio
import itertools
import json
import os
import random
import signal
import socket
import sys
import urllib.error
import urllib.parse
import urllib.request

import websockets

from crowd_peer import Peer, Refused

NEWS = "/demo/news"
TOPICS = {"/demo/sensors": {"durable": False}, "/demo/orders": {},
          "/demo/alerts": {}, "/demo/frames": {"durable": False, "retention_count": 100}}
CALLS = {"services_allowed": ["zato.ping", "ping", "echo", "pubsub.*", "zato.pubsub.*"],
         "permissions": "pub=/demo/**\nsub=/demo/**"}
CHANNELS = {"tills": {"security": "api_key", "keys": [{"name": "shops", "key": "a-key-of-the-tills"}],
                      "message_log": {"messages": 20, "payload_bytes": 1024}, **CALLS},
            "browsers": {"slow_consumer": "drop_oldest", **CALLS},
            "sensors": {"ping_interval": 20, **CALLS}}
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1",
          "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36"]
SITES = ["Berlin", "Hamburg", "Krak\u00f3w", "Lyon", "Porto", "Z\u00fcrich"]
HOSTILE = [("<img src=x onerror=alert(1)>", "<script>alert('muster')</script><b>bold</b>"),
           ("\u202eevil.exe\u202c", "right \u202eto left\u202c \u2066and\u2069 back \u200b\ufeff"),
           ("nul\u0000bell\u0007esc\u001b[31m", "line\nfeed\ttab\r\u0085\u2028end"),
           ("long." + "x" * 9995, "W" * 10000),
           ("zalgo.Z\u0351\u0352\u0353\u0354\u0355\u0356\u0357", "{{7*7}} ${7*7} %s%n ' OR 1=1 --")]
NEVER_AGAIN = (4005, 4401, 4403, 4404)


# What each kind does once it is connected ------------------------------------------------------

async def ring_up(peer, crowd):
    while True:
        await asyncio.sleep(random.uniform(3, 20))
        sale = {"total": round(random.lognormvariate(3, 0.8), 2), "items": random.randint(1, 30)}
        await peer.call("pubsub.publish", topic_name=crowd.topic("/demo/orders"), data=sale)


async def look_around(peer, crowd):
    await peer.call("pubsub.subscribe", topic_name=NEWS)
    while True:
        await asyncio.sleep(random.uniform(2, 60))
        await peer.call("echo", page=random.choice(["/", "/basket", "/search"]))


async def measure(peer, crowd):
    value = random.uniform(15, 25)
    while True:
        value += random.gauss(0, 0.1)
        await peer.call("pubsub.publish", topic_name=crowd.topic("/demo/sensors"),
                        data={"celsius": round(value, 2)}, priority=random.choice([3, 5, 5, 7]))
        await asyncio.sleep(1)


async def watch(peer, crowd):
    for topic in sorted({crowd.topic(each) for each in (NEWS, "/demo/sensors", "/demo/alerts")}):
        await peer.call("pubsub.subscribe", topic_name=topic)
    while True:
        await peer.deliveries.get()


async def work_off(peer, crowd):
    """A durable queue that fills faster than it is acknowledged."""
    await peer.call("pubsub.subscribe", topic_name=crowd.topic("/demo/orders"), durable=True,
                    ack="client", delivery_batch_size=20)
    while True:
        await peer.send("client-response", {"response": None},
                        in_reply_to=await peer.deliveries.get())
        await asyncio.sleep(2)


async def announce(peer, crowd):
    for number in itertools.count(1):
        await peer.call("pubsub.publish", topic_name=crowd.topic("/demo/alerts"), priority=9,
                        data={"alert": number, "text": random.choice(["freezer open", "queue long"])})
        await peer.call("pubsub.publish", topic_name=NEWS, data=f"news number {number}")
        await asyncio.sleep(random.uniform(2, 6))


async def film(peer, crowd):
    while True:
        await peer.call("pubsub.publish", topic_name="/demo/frames", data="frame " * 20000)
        await asyncio.sleep(0.5)


async def stall(peer, crowd):
    """Subscribes to much and no longer reads: the server will close it as a slow consumer."""
    await peer.call("pubsub.subscribe", topic_name="/demo/frames")
    peer.stop_reading()
    await asyncio.sleep(120)


async def sit(peer, crowd):
    await asyncio.get_running_loop().create_future()


class Crowd:
    def __init__(self, options, made):
        self._url = options.url.rstrip("/")
        self._size = options.clients
        self._churn = options.churn
        self._made = made
        self._numbers = itertools.count(1)
        self._told = set()
        self._tasks = []
        # Of each kind: its share of the crowd, how many at most, what it does, its channel.
        self._kinds = {"till": (0.40, 10**6, ring_up, "tills"),
                       "browser": (0.25, 10**6, look_around, "browsers"),
                       "sensor": (0.12, 60, measure, "sensors"),
                       "wallboard": (0.06, 30, watch, "open"),
                       "idle": (0.17, 10**6, sit, "open"), "batch": (0.01, 4, work_off, "demo"),
                       "newsroom": (0, 1, announce, "demo"), "camera": (0, 1, film, "open"),
                       "stalled": (0, 1, stall, "open"), "hostile": (0, 1, sit, "open")}

    def topic(self, wanted):
        return wanted if self._made else NEWS

    def _places(self):
        """(kind, hostile names or None) of everybody."""
        out = [("newsroom", None), ("batch", None), *[("hostile", each) for each in HOSTILE]]
        if self._made:
            out += [("camera", None), ("stalled", None)]
        for kind, (share, most, _, _) in self._kinds.items():
            out += [(kind, None)] * min(most, round(share * self._size))
        out += [("idle", None)] * (self._size - len(out))
        return out[:self._size]

    def _describe(self, kind, hostile):
        """Its channel and what it says of itself."""
        channel, number, site = self._kinds[kind][3], next(self._numbers), random.choice(SITES)
        if not self._made and channel in CHANNELS:
            channel = "demo" if kind == "till" else "open"
        meta = {"client_id": f"{kind}-{number:04d}", "client_name": f"{kind.capitalize()} {number}",
                "attrs": f"kind={kind};site={site}"}
        if kind == "till":
            meta["client_id"] = f"pos-{site.lower()}-{number:04d}"
            meta["client_name"] = f"Till {number % 12 + 1}, {site}"
            meta["attrs"] += f";till={number % 12 + 1}"
        if hostile:
            meta["client_id"], meta["client_name"] = hostile
            meta["attrs"] = "kind=hostile;note=<i>x</i>"
        if channel == "demo":
            meta.update(username="user1", secret="secret1")
        if channel == "tills":
            meta["secret"] = "a-key-of-the-tills"
        return channel, meta

    async def _once(self, kind, channel, meta):
        """One connection, until it ends; its close code and reason."""
        how = {"user_agent_header": f"{kind}/4.2", "ping_interval": None, "max_size": None}
        if kind == "browser":
            how["user_agent_header"] = random.choice(AGENTS)
            how["extra_headers"] = {"X-Forwarded-For": f"203.0.113.{random.randint(1, 254)}"}
        if kind == "stalled":
            how.update(max_queue=1, read_limit=4096, sock=await small_socket(self._url))
        async with websockets.connect(f"{self._url}/{channel}", **how) as wire:
            peer = Peer(wire, meta["client_id"][:60])
            tasks = [asyncio.create_task(peer.read())]
            try:
                await peer.open_session(**meta)
                tasks.append(asyncio.create_task(self._kinds[kind][2](peer, self)))
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for each in done:
                    each.result()
            except (websockets.ConnectionClosed, ConnectionError):
                pass
            finally:
                for each in tasks:
                    each.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        return wire.close_code, wire.close_reason

    async def _live(self, kind, hostile, wait):
        channel, meta = self._describe(kind, hostile)
        await asyncio.sleep(wait)
        while True:
            pause = random.uniform(1, 4)
            try:
                code, reason = await self._once(kind, channel, meta)
                if code in NEVER_AGAIN:
                    return
                pause = advised(reason, pause)
                if pause is None:
                    return
            except (Refused, OSError, asyncio.TimeoutError, websockets.WebSocketException) as error:
                self._tell(kind, error)
                pause *= 3
            await asyncio.sleep(pause)

    def _tell(self, kind, error):
        text = f"{kind}: {str(error)[:200] or type(error).__name__}"
        if text not in self._told and len(self._told) < 50:
            self._told.add(text)
            print(text, file=sys.stderr, flush=True)

    async def run(self):
        """Until it is cancelled; some leave and others come meanwhile."""
        places = self._places()
        rate = 100
        self._tasks = [asyncio.create_task(self._live(*place, number / rate))
                       for number, place in enumerate(places)]
        try:
            while True:
                if not self._churn:
                    await asyncio.sleep(3600)
                await asyncio.sleep(random.expovariate(self._churn))
                which = random.randrange(len(places))
                if places[which][0] in ("till", "browser", "idle", "wallboard"):
                    await self._end([self._tasks[which]])
                    self._tasks[which] = asyncio.create_task(self._live(*places[which], 0))
        finally:
            await self._end(self._tasks)

    @staticmethod
    async def _end(tasks):
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def small_socket(url):
    """Connected, with little room for what is not read."""
    at = urllib.parse.urlsplit(url)
    port = at.port or (443 if at.scheme == "wss" else 80)
    family, kind, proto, _, address = (await asyncio.get_running_loop().getaddrinfo(
        at.hostname, port, type=socket.SOCK_STREAM))[0]
    made = socket.socket(family, kind, proto)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    made.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(made, address)
    except BaseException:
        made.close()
        raise
    return made


def advised(reason, pause):
    """When to come back, as the server's advice says; None is never."""
    try:
        advice = json.loads(reason)
        return pause if "retry" not in advice else advice["retry"] and random.uniform(*advice["retry"])
    except (TypeError, ValueError):
        return pause


def make(admin, token):
    """Topics and channels of the crowd's own; those that are there are left alone."""
    wanted = [("topics", {"name": name, **more}) for name, more in TOPICS.items()]
    wanted += [("channels", {"name": name, "path": f"/{name}", **more}) for name, more in CHANNELS.items()]
    for path, body in wanted:
        asked = urllib.request.Request(
            f"{admin.rstrip('/')}/api/v1/{path}", json.dumps(body).encode(),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
        try:
            urllib.request.urlopen(asked, timeout=10).close()
        except urllib.error.HTTPError as error:
            if error.code != 409:
                sys.exit(f"{path} {body['name']}: {error.read().decode(errors='replace')}")
        except OSError as error:
            sys.exit(f"{admin}: {error}")


async def main(options, made):
    running = asyncio.create_task(Crowd(options, made).run())
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, running.cancel)
    if options.seconds:
        loop.call_later(options.seconds, running.cancel)
    print(f"{options.clients} clients for {options.url}; Ctrl-C ends them", flush=True)
    try:
        await running
    except asyncio.CancelledError:
        pass


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="ws://127.0.0.1:8080", help="of the server (%(default)s)")
    parser.add_argument("--clients", type=int, default=200, help="how many, at most 10000 (%(default)s)")
    parser.add_argument("--seconds", type=float, default=0, help="how long; 0 is until Ctrl-C (%(default)s)")
    parser.add_argument("--churn", type=float, default=0.5, help="how many come and go a second (%(default)s)")
    parser.add_argument("--admin", help="the admin endpoint, to make topics and channels; needs MUSTER_TOKEN")
    options = parser.parse_args()
    if not 1 <= options.clients <= 10000 or options.seconds < 0 or not 0 <= options.churn <= 100:
        parser.error("--clients is 1 to 10000, --seconds at least 0, --churn 0 to 100")
    if options.admin and not os.environ.get("MUSTER_TOKEN"):
        parser.error("--admin needs an API token of an admin in MUSTER_TOKEN")
    return options


if __name__ == "__main__":
    chosen = parse()
    if chosen.admin:
        make(chosen.admin, os.environ["MUSTER_TOKEN"])
    asyncio.run(main(chosen, bool(chosen.admin)))
