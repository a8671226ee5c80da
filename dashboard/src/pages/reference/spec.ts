/** What of OpenAPI 3.1 the endpoint's document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema?: Schema;
}

type Content = Record<string, { schema?: Schema }>;

export interface RawCall {
  operationId?: string;
  summary?: string;
  "x-role"?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content?: Content };
  responses?: Record<string, { description?: string; content?: Content }>;
}

export interface Document {
  info: { title: string; version: string };
  paths: Record<string, Record<string, RawCall>>;
  components?: { schemas?: Record<string, Schema> };
}

export interface Call extends RawCall {
  /** What the address of the page has. */
  id: string;
  method: string;
  path: string;
  group: string;
}

const beneath = "/api/v1/";
const order = ["get", "post", "put", "patch", "delete"];

/** The resource that a path is about: `/api/v1/channels/{name}` is about channels. */
function resourceOf(path: string): string {
  if (!path.startsWith(beneath)) return "Server";
  const name = path.slice(beneath.length).split(/[/:]/)[0] ?? "";
  if (name.includes(".")) return "Server";
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** All calls, those of a resource together, in the order of their paths. */
export function callsOf(document: Document): Call[] {
  const out: Call[] = [];
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, raw] of Object.entries(methods))
      if (order.includes(method))
        out.push({
          ...raw,
          id: raw.operationId ?? `${method} ${path}`,
          method: method.toUpperCase(),
          path,
          group: resourceOf(path),
        });
  const rank = (call: Call) => order.indexOf(call.method.toLowerCase());
  const last = (call: Call) => Number(call.group === "Server");
  return out.sort(
    (a, b) =>
      last(a) - last(b) ||
      a.group.localeCompare(b.group) ||
      a.path.localeCompare(b.path) ||
      rank(a) - rank(b),
  );
}

/** The calls in which every word stands: in the path, the summary, the role or a field. */
export function findCalls(calls: Call[], words: string): Call[] {
  const needles = words.toLowerCase().split(/\s+/).filter(Boolean);
  return calls.filter((call) => {
    const text = [
      call.method,
      call.path,
      call.summary,
      call["x-role"],
      ...(call.parameters ?? []).map((each) => each.name),
      ...Object.keys(bodyOf(call)?.properties ?? {}),
    ]
      .join(" ")
      .toLowerCase();
    return needles.every((each) => text.includes(each));
  });
}

export function bodyOf(call: RawCall): Schema | undefined {
  return Object.values(call.requestBody?.content ?? {})[0]?.schema;
}

/** The name of a schema that is referred to. */
export function nameOfRef(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

/** A type in words: "text, or null", "list of channel". */
export function typeWords(schema: Schema | undefined): string {
  if (!schema) return "any";
  if (schema.$ref) return nameOfRef(schema.$ref);
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length === 0) return "any";
  return types
    .map((each) => {
      if (each === "array") return `array of ${typeWords(schema.items)}`;
      return each === "string" && schema.format ? schema.format : each;
    })
    .join(" | ");
}

/** The name of the schema that a value of this one consists of, if it has one. */
export function refOf(schema: Schema | undefined): string | undefined {
  const ref = schema?.$ref ?? schema?.items?.$ref;
  return ref && nameOfRef(ref);
}

function exampleOf(name: string, schema: Schema): unknown {
  const type = [schema.type ?? "any"].flat()[0];
  if (schema.enum) return schema.enum[0];
  if (type === "integer" || type === "number") return 1;
  if (type === "boolean") return true;
  if (type === "array") return [];
  if (type === "string") return name.toUpperCase();
  return {};
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The call as a command line; what has to be given stands in it in capital letters. */
export function curlOf(call: Call, origin: string): string {
  const path = call.path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const needed = (call.parameters ?? []).filter((each) => each.in === "query" && each.required);
  const query = needed.map((each) => `${each.name}=${each.name.toUpperCase()}`).join("&");
  const parts = [call.method === "GET" ? "curl" : `curl -X ${call.method}`];
  if (call["x-role"] !== "anybody") parts.push('-H "Authorization: Bearer $MUSTER_TOKEN"');
  const body = bodyOf(call);
  if (body) {
    const named = new Set((call.parameters ?? []).map((each) => each.name));
    const others = Object.keys(body.properties ?? {}).filter((name) => !named.has(name));
    const names = body.required ?? others.slice(0, 1);
    const value = Object.fromEntries(
      names.map((name) => [name, exampleOf(name, body.properties?.[name] ?? {})]),
    );
    parts.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(value))}`);
  }
  parts.push(quoted(origin + path + (query ? `?${query}` : "")));
  return parts.join(" \\\n  ");
}

const above: Record<string, string> = {
  anybody: "anybody, without signing in",
  viewer: "viewers, operators and administrators",
  operator: "operators and administrators",
  admin: "administrators",
};

/** Who may make a call. */
export function whoMay(role: string | undefined): string {
  return role === undefined ? "not said" : (above[role] ?? role);
}
