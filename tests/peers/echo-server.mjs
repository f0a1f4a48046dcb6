// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A server on the official SDK that writes down the bytes it gets.
//
//   echo-server.mjs [--record FILE] [--secret-env NAME] [--http PORT [--json]]
//
// stdio without --http. With --http (0 = any free port) the first line on stdout is {"event":"ready","url":"http://127.0.0.1:N/mcp"};
// --json answers requests with JSON instead of an event stream.
// --record: every message, byte for byte, and a line break is appended to FILE; the HTTP header fields of each request go to
// FILE.headers, one JSON object a line.
// Tools: echo (gives its arguments back), count (how often it was really called), slow {ms, steps} (with progress), fail,
// exact (answers with the bytes of `--exact TEXT` as its result, not re-serialized), ask (elicits from the client),
// grow (adds a tool named grown and says so), environment (names of the environment variables, and whether --secret-env is set).
import fs from 'node:fs';
import http from 'node:http';
import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const recordFile = option('record');
const exact = option('exact') ?? '{"content":[{"text":"\\u00e9 1e2","type":"text"}],"structuredContent":{"b":1e2,"a":1234567890123456789}}';
const record = (bytes) => recordFile && fs.appendFileSync(recordFile, Buffer.concat([bytes, Buffer.from('\n')]));
const recordHeaders = (headers) => recordFile && fs.appendFileSync(`${recordFile}.headers`, JSON.stringify(headers) + '\n');

const any = { type: 'object', additionalProperties: true };
const tools = ['echo', 'count', 'slow', 'fail', 'exact', 'ask', 'grow', 'environment'].map((name) => ({
  name, description: `Test tool ${name}.`, inputSchema: any, annotations: { readOnlyHint: name !== 'count' && name !== 'grow' } }));
let counted = 0;
const text = (value, more = {}) => ({ content: [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }], ...more });

function makeServer() {
  const server = new Server({ name: 'echo-server', version: '1.0.0' }, { capabilities: { tools: { listChanged: true }, logging: {} } });
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const given = params.arguments ?? {};
    switch (params.name) {
      case 'echo': return text(given);
      case 'count': return text(String(++counted), { structuredContent: { count: counted } });
      case 'fail': return text('It failed as asked.', { isError: true });
      case 'environment': return text({ names: Object.keys(process.env).sort(), secretSet: Boolean(process.env[option('secret-env') ?? '']) });
      case 'ask': return text(await server.elicitInput({ message: given.message ?? 'Well?', requestedSchema: { type: 'object', properties: { answer: { type: 'string' } } } },
        { relatedRequestId: extra.requestId }));
      case 'grow':
        tools.push({ name: 'grown', description: 'It was not there before.', inputSchema: any });
        await server.sendToolListChanged();
        return text('One more.');
      case 'slow': {
        const steps = given.steps ?? 1;
        for (let step = 1; step <= steps; ++step) {
          const progressToken = params._meta?.progressToken;
          if (progressToken !== undefined)
            await extra.sendNotification({ method: 'notifications/progress', params: { progressToken, progress: step, total: steps, message: `step ${step}` } });
          await sleep((given.ms ?? 0) / steps, undefined, { signal: extra.signal });
        }
        return text(`Took ${steps} steps.`);
      }
      default: throw Object.assign(new Error(`Unknown tool ${params.name}`), { code: -32602 });
    }
  });
  return server;
}

// The answer to a call of `exact`, or nothing for any other message. The id keeps its bytes too.
function exactAnswer(bytes) {
  const message = JSON.parse(bytes);
  if (message.method !== 'tools/call' || message.params?.name !== 'exact') return undefined;
  return `{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${exact}}`;
}

async function serveStdio() {
  const messages = new PassThrough();
  let rest = Buffer.alloc(0);
  process.stdin.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end; (end = rest.indexOf(10)) >= 0; rest = rest.subarray(end + 1)) {
      const line = rest.subarray(0, end);
      record(line);
      const answer = exactAnswer(line);
      if (answer) process.stdout.write(answer + '\n');
      else messages.write(Buffer.concat([line, Buffer.from('\n')]));
    }
  });
  process.stdin.on('end', () => process.exit(0));
  await makeServer().connect(new StdioServerTransport(messages, process.stdout));
}

async function serveHttp(port) {
  const sessions = new Map();
  const listener = http.createServer(async (request, response) => {
    recordHeaders(request.headers);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (request.method === 'POST') {
      record(body);
      const answer = exactAnswer(body);
      if (answer) return response.writeHead(200, { 'Content-Type': 'application/json' }).end(answer);
    }
    let transport = sessions.get(request.headers['mcp-session-id']);
    if (!transport && request.headers['mcp-session-id']) return response.writeHead(404).end();
    if (!transport) {
      transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, enableJsonResponse: process.argv.includes('--json'),
        onsessioninitialized: (id) => sessions.set(id, transport), onsessionclosed: (id) => sessions.delete(id) });
      await makeServer().connect(transport);
    }
    await transport.handleRequest(request, response, body.length ? JSON.parse(body) : undefined);
  });
  listener.listen(Number(port), '127.0.0.1', () => console.log(JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${listener.address().port}/mcp` })));
}

if (option('http') !== undefined) await serveHttp(option('http'));
else await serveStdio();
