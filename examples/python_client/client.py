"""A client in Python: opens a session, calls services, answers what the server asks.

    python3 client.py URL                      ping, then answer the server until Ctrl-C
    python3 client.py URL SERVICE [JSON]       call a service once and print what it answers

Needs the package `websockets`."""

import asyncio
import itertools
import json
import sys
from datetime import datetime, timezone

import websockets


class ServerError(Exception):
    """The server answered with an error."""


class Client:
    def __init__(self, socket, on_request):
        self._socket = socket
        self._on_request = on_request
        self._ids = itertools.count(1)
        self._waiting = {}
        self._token = None

    async def run(self):
        """Reads until the connection closes; calls are answered meanwhile."""
        try:
            async for text in self._socket:
                message = json.loads(text)
                meta, data = message["meta"], message.get("data")
                waiting = self._waiting.pop(meta.get("in_reply_to"), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result((meta, data))
                elif meta["msg_type"] == "zwsx.rqc":
                    await self._answer(meta["id"], data)
        finally:
            for waiting in self._waiting.values():
                waiting.cancel()

    async def open_session(self, client_id, **credentials):
        data = await self._ask("create-session", {}, client_id=client_id, **credentials)
        self._token = data["token"]

    async def call(self, service, request=None):
        return await self._ask("invoke-service", {"service": service, "request": request})

    async def _ask(self, action, data, **meta):
        answered = asyncio.get_running_loop().create_future()
        await self._send(action, data, meta, answered)
        answer, data = await answered
        if answer["status"] >= 400:
            raise ServerError(f"{answer['status']} {answer.get('error_message', data)}")
        return data

    async def _answer(self, in_reply_to, data):
        await self._send("client-response", {"response": self._on_request(data)},
                         {"in_reply_to": in_reply_to})

    async def _send(self, action, data, meta, answered=None):
        message_id = f"python.{next(self._ids)}"
        if answered is not None:
            self._waiting[message_id] = answered
        now = datetime.now(timezone.utc).replace(tzinfo=None).isoformat()
        head = {"id": message_id, "action": action, "timestamp": now, **meta}
        if self._token:
            head["token"] = self._token
        await self._socket.send(json.dumps({"meta": head, "data": data}))


def answer_server(data):
    print("the server asks:", json.dumps(data), flush=True)
    return {"you said": data}


async def main(url, service="ping", request="null", *, stay):
    async with websockets.connect(url) as socket:
        client = Client(socket, answer_server)
        reading = asyncio.create_task(client.run())
        await client.open_session("python.example")
        print(json.dumps(await client.call(service, json.loads(request))), flush=True)
        if stay:
            await reading
        reading.cancel()


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    try:
        asyncio.run(main(*sys.argv[1:], stay=len(sys.argv) == 2))
    except ServerError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        pass
