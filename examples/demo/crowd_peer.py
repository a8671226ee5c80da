"""One client of the crowd: its session, its calls, its answers to the server."""

import asyncio
import itertools
import json
import random
import time
from datetime import datetime, timezone


class Refused(Exception):
    """The server answered with an error."""


class Peer:
    """One connection with its session."""

    def __init__(self, socket, name):
        self._socket = socket
        self._name = name
        self._ids = itertools.count(1)
        self._waiting = {}
        self._token = None
        self._tasks = set()
        self._since = time.monotonic()
        self._reading = asyncio.Event()
        self._reading.set()
        self.deliveries = asyncio.Queue(2000)

    async def read(self):
        try:
            async for text in self._socket:
                message = json.loads(text)
                for each in message if isinstance(message, list) else [message]:
                    self._take(each["meta"], each.get("data"))
                await self._reading.wait()
        finally:
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionError("the connection is closed"))
                    waiting.exception()
            for task in self._tasks:
                task.cancel()

    def _take(self, meta, data):
        waiting = self._waiting.pop(meta.get("in_reply_to"), None)
        if waiting is not None:
            if not waiting.done():
                waiting.set_result((meta, data))
        elif meta["msg_type"] == "zwsx.rqc":
            task = asyncio.create_task(self._answer(meta["id"], data))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif meta["msg_type"] == "zwsx.psrq" and not self.deliveries.full():
            self.deliveries.put_nowait(meta["id"])

    async def _answer(self, asked, data):
        wish = data if isinstance(data, dict) else {}
        if wish.get("silent"):
            return
        wait = wish.get("wait", random.uniform(0.002, 0.05))
        await asyncio.sleep(min(60, wait) if isinstance(wait, (int, float)) and wait > 0 else 0)
        answer = {"response": {"client": self._name, "up_s": round(time.monotonic() - self._since), "asked": data,
                               "version": "4.2.1", "healthy": True}}
        if "fail" in wish:
            answer = {"response": None, "error": str(wish["fail"])}
        await self.send("client-response", answer, in_reply_to=asked)

    async def send(self, action, data, **meta):
        head = {"id": f"crowd.{next(self._ids)}", "action": action,
                "timestamp": datetime.now(timezone.utc).replace(tzinfo=None).isoformat(), **meta}
        if self._token:
            head["token"] = self._token
        await self._socket.send(json.dumps({"meta": head, "data": data}))
        return head["id"]

    async def ask(self, action, data, **meta):
        asked = await self.send(action, data, **meta)
        self._waiting[asked] = asyncio.get_running_loop().create_future()
        head, answer = await asyncio.wait_for(self._waiting[asked], 30)
        if head["status"] >= 400:
            raise Refused(f"{head['status']} {head.get('error_message', answer)}")
        return answer or {}

    def stop_reading(self):
        self._reading.clear()

    async def open_session(self, **meta):
        self._token = (await self.ask("create-session", {}, **meta))["token"]

    async def call(self, service, **request):
        return await self.ask("invoke-service", {"service": service, "request": request})
