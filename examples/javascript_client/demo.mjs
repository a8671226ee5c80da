// node demo.mjs URL [SERVICE [JSON]]

import { Client } from "./client.mjs";

const [url, service, request = "null"] = process.argv.slice(2);
const client = await Client.open(url, "javascript.example", {
  onRequest(data) {
    console.log("the server asks:", JSON.stringify(data));
    return { "you said": data };
  },
});
console.log(JSON.stringify(await client.call(service ?? "ping", JSON.parse(request))));
// Without a service it stays, and answers what the server asks.
if (service) await client.close();
