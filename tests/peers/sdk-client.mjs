// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A client on the official SDK, driven by tests: one JSON command a line on stdin, one JSON event a line on stdout.
//
//   sdk-client.mjs [--name NAME] [--capabilities elicitation,sampling,roots] --url URL --token TOKEN
//   sdk-client.mjs [--name NAME] [--capabilities ...] -- PROGRAM ARGUMENT...
//
// --generation legacy|auto|modern takes version 2 of the SDK, and says what it offers the server: sessions only, whichever the
// server has, 2026-07-28 only. Without it version 1 is used. What stays open with --generation modern is asked for by "listen".
//
// Commands ("tag" comes back in the events; commands run side by side):
//   {"do":"list"}                                        -> {"event":"tools","tools":[...]}, all pages
//   {"do":"call","name":N,"arguments":{},"timeout":ms,"tag":T}
//        -> {"event":"progress","tag",...}, then {"event":"result","tag","result"} or {"event":"error","tag","code","message"}
//   {"do":"cancel","tag":T}                              -> notifications/cancelled for that call
//   {"do":"request","method":M,"params":{},"tag":T}      any other request -> result or error
//   {"do":"notify","method":M,"params":{}}
//   {"do":"raw","body":TEXT,"tag":T}                     these bytes as they are; HTTP: {"event":"raw","tag","status","headers","body"}
//   {"do":"reply","to":"elicitation/create","result":{}} what to answer the server's next requests of this method with
//   {"do":"wait","tag":T}                                later commands wait until that one has its outcome
//   {"do":"listen","filter":{"toolsListChanged":true},"tag":T}  version 2: a subscription -> {"event":"listening","tag","filter"}
//   {"do":"close"}                                       or the end of stdin, once everything has its outcome
// Unasked: connected, notification, server-request, problem, closed.
import readline from 'node:readline';
import * as v1 from '@modelcontextprotocol/sdk/client/index.js';
import * as v1stdio from '@modelcontextprotocol/sdk/client/stdio.js';
import * as v1http from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import * as v2 from '@modelcontextprotocol/client';
import * as v2stdio from '@modelcontextprotocol/client/stdio';
import { CallToolResultSchema, ResultSchema } from '@modelcontextprotocol/sdk/types.js';

const day = 86400000;
const options = { name: 'sdk-client', capabilities: '' };
let command = [];
for (let i = 2; i < process.argv.length; i += 2) {
  if (process.argv[i] === '--') {
    command = process.argv.slice(i + 1);
    break;
  }
  options[process.argv[i].replace(/^--/, '')] = process.argv[i + 1];
}
if (!options.url && command.length === 0) {
  console.error('Name a server: --url URL --token TOKEN, or -- PROGRAM ARGUMENT...');
  process.exit(64);
}

const say = (event) => process.stdout.write(JSON.stringify(event) + '\n');
const replies = { 'roots/list': { roots: [{ uri: 'file:///tmp', name: 'tmp' }] }, 'elicitation/create': { action: 'decline' } };
const running = new Map(); // tag -> {done, abort}

const capabilities = {};
for (const name of options.capabilities.split(',').filter(Boolean)) capabilities[name] = {};
const second = options.generation !== undefined;
const { Client, StdioClientTransport, StreamableHTTPClientTransport } = second ? { ...v2, ...v2stdio } : { ...v1, ...v1stdio, ...v1http };
const mode = options.generation === 'modern' ? { pin: '2026-07-28' } : options.generation;
const client = new Client({ name: options.name, version: '1.0.0' }, { capabilities, ...(second && { versionNegotiation: { mode } }) });
client.fallbackNotificationHandler = async (n) => say({ event: 'notification', method: n.method, params: n.params });
const asked = async (r) => {
  say({ event: 'server-request', method: r.method, params: r.params });
  if (!(r.method in replies)) throw new Error(`No reply was given for ${r.method}.`);
  return replies[r.method];
};
client.fallbackRequestHandler = asked;
// What version 2 is asked for inside of a result it takes to the handler of that method only.
const methods = { elicitation: 'elicitation/create', sampling: 'sampling/createMessage', roots: 'roots/list' };
if (second) for (const name of Object.keys(capabilities)) client.setRequestHandler(methods[name], asked);
client.onerror = (e) => say({ event: 'problem', message: String(e?.message ?? e) });
client.onclose = () => say({ event: 'closed' });

const headers = options.token ? { Authorization: `Bearer ${options.token}` } : {};
const transport = options.url
  ? new StreamableHTTPClientTransport(new URL(options.url), { requestInit: { headers } })
  : new StdioClientTransport({ command: command[0], args: command.slice(1), env: process.env, stderr: 'inherit' });

async function sendRaw(body, tag) {
  if (!options.url) return void transport._process.stdin.write(body + '\n');
  const all = { ...headers, 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
  if (transport.sessionId) all['Mcp-Session-Id'] = transport.sessionId;
  if (transport.protocolVersion) all['MCP-Protocol-Version'] = transport.protocolVersion;
  const answer = await fetch(options.url, { method: 'POST', headers: all, body });
  say({ event: 'raw', tag, status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() });
}

async function listAll() {
  const tools = [];
  let cursor;
  do {
    const page = await client.listTools(cursor ? { cursor } : {});
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor);
  say({ event: 'tools', tools });
}

async function request(c, signal) {
  const onprogress = (p) => say({ event: 'progress', tag: c.tag, ...p });
  const isCall = c.do === 'call';
  const message = isCall ? { method: 'tools/call', params: { name: c.name, arguments: c.arguments ?? {} } } : { method: c.method, params: c.params };
  const given = { onprogress, signal, timeout: c.timeout ?? day, resetTimeoutOnProgress: true };
  const result = second ? await client.request(message, given) : await client.request(message, isCall ? CallToolResultSchema : ResultSchema, given);
  say({ event: 'result', tag: c.tag, result });
}

async function listen(c) {
  const subscription = await client.listen(c.filter);
  say({ event: 'listening', tag: c.tag, filter: subscription.honoredFilter });
}

function start(c) {
  const abort = new AbortController();
  const work = { list: listAll, call: request, request, listen, raw: () => sendRaw(c.body, c.tag), notify: () => client.notification({ method: c.method, params: c.params }) }[c.do];
  if (!work) return say({ event: 'problem', message: `Unknown command ${c.do}.` });
  const done = work(c, abort.signal).catch((e) => say({ event: 'error', tag: c.tag, code: e?.code, message: String(e?.message ?? e) }));
  const tag = c.tag ?? Symbol(c.do);
  running.set(tag, { done, abort });
  done.finally(() => running.get(tag)?.done === done && running.delete(tag));
}

try {
  await client.connect(transport);
} catch (e) {
  say({ event: 'error', code: e?.code, message: String(e?.message ?? e) });
  process.exit(1);
}
say({ event: 'connected', server: client.getServerVersion(), capabilities: client.getServerCapabilities(),
  instructions: client.getInstructions(), session: transport.sessionId, generation: second ? client.getProtocolEra() : 'legacy',
  protocolVersion: second ? client.getNegotiatedProtocolVersion() : (transport.protocolVersion ?? transport._protocolVersion) });

for await (const line of readline.createInterface({ input: process.stdin })) {
  if (!line.trim()) continue;
  const c = JSON.parse(line);
  if (c.do === 'close') break;
  else if (c.do === 'wait') await running.get(c.tag)?.done;
  else if (c.do === 'cancel') running.get(c.tag)?.abort.abort('The test cancelled it.');
  else if (c.do === 'reply') replies[c.to] = c.result;
  else start(c);
}
await Promise.all([...running.values()].map((r) => r.done));
if (options.url && transport.sessionId) await transport.terminateSession().catch(() => {});
await client.close();
process.exit(0);
