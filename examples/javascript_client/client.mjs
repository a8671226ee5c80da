// A client in JavaScript, for browsers and for Node from version 22 on: opens a session, calls
// services, answers what the server asks. It depends on nothing.

export class ServerError extends Error {
  constructor(status, text) {
    super(`${status} ${text}`);
    this.status = status;
  }
}

export class Client {
  #socket;
  #onRequest;
  #count = 0;
  #waiting = new Map();
  #token;

  /** Connects and opens a session; `credentials` are `username` and `secret`, where needed. */
  static async open(url, clientId, { onRequest = () => null, credentials = {} } = {}) {
    const client = new Client(url, onRequest);
    await new Promise((resolve, reject) => {
      client.#socket.onopen = resolve;
      client.#socket.onerror = () => reject(new Error(`cannot connect to ${url}`));
    });
    client.#socket.onerror = null;
    const { token } = await client.#ask("create-session", {}, { client_id: clientId, ...credentials });
    client.#token = token;
    return client;
  }

  constructor(url, onRequest) {
    this.#onRequest = onRequest;
    this.#socket = new WebSocket(url);
    this.#socket.onmessage = (event) => this.#receive(JSON.parse(event.data));
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = (event) => {
        for (const { reject } of this.#waiting.values())
          reject(new Error(`closed: ${event.code} ${event.reason}`));
        this.#waiting.clear();
        resolve(event);
      };
    });
  }

  call(service, request = null) {
    return this.#ask("invoke-service", { service, request });
  }

  close() {
    this.#socket.close(1000);
    return this.closed;
  }

  #ask(action, data, meta = {}) {
    return new Promise((resolve, reject) => {
      this.#waiting.set(this.#send(action, data, meta), { resolve, reject });
    });
  }

  #send(action, data, meta) {
    const id = `js.${++this.#count}`;
    const timestamp = new Date().toISOString().replace("Z", "");
    const token = this.#token ?? null;
    this.#socket.send(JSON.stringify({ meta: { id, action, timestamp, token, ...meta }, data }));
    return id;
  }

  async #receive({ meta, data }) {
    const waiting = this.#waiting.get(meta.in_reply_to);
    if (waiting) {
      this.#waiting.delete(meta.in_reply_to);
      if (meta.status >= 400) waiting.reject(new ServerError(meta.status, meta.error_message ?? data));
      else waiting.resolve(data ?? null);
    } else if (meta.msg_type === "zwsx.rqc") {
      const response = await this.#onRequest(data);
      this.#send("client-response", { response }, { in_reply_to: meta.id });
    }
  }
}
