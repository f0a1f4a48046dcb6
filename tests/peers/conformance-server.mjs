// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The server that the official conformance suite is run against, on the official SDK (version 2): with sessions up to
// 2025-11-25, stateless for 2026-07-28.
//
//   conformance-server.mjs [--http PORT] [--era legacy|modern|both] [--without BEHAVIOUR]
//
// stdio without --http. With --http (0 = any free port) the first line on stdout is {"event":"ready","url":"http://127.0.0.1:N/mcp"}.
// --without takes one behaviour out, so that a test can see the suite fail: progress, log, prompt-arguments, not-found, state.
import http from 'node:http';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server, acceptedContent, createMcpHandler, createRequestStateCodec, inputRequired, isLegacyRequest } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { NodeStreamableHTTPServerTransport, localhostHostValidation, localhostOriginValidation, toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';

const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const era = option('era') ?? 'both';
const without = option('without');
const has = (behaviour) => without !== behaviour;

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';
const text = (value) => ({ type: 'text', text: value });
const says = (value) => ({ content: [text(value)] });
const embedded = (uri, mimeType, body) => ({ type: 'resource', resource: { uri, mimeType, text: body } });
const form = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required });
const ask = (message, properties, required) => inputRequired.elicit({ message, requestedSchema: form(properties, required) });
const sample = (prompt, maxTokens = 100) => inputRequired.createMessage({ messages: [{ role: 'user', content: text(prompt) }], maxTokens });

// What the client is sent to keep between two rounds is sealed: a changed one is refused before any tool sees it.
const states = createRequestStateCodec({ key: new Uint8Array(Buffer.from(randomUUID() + randomUUID())), ttlSeconds: 300 });

const empty = { type: 'object', properties: {} };
const fullSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object',
  $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
  properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' }, contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' }, email: { type: 'string' } },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] }, else: { required: ['email'] }, additionalProperties: false,
};

// Each tool gets its arguments, the SDK's context of the request and the server. A tool that returns inputRequired() is asked
// again with the answers; towards a client of the older generation the SDK asks by requests of its own instead.
const tools = {
  test_simple_text: () => says('This is a simple text response for testing.'),
  test_image_content: () => ({ content: [{ type: 'image', data: png, mimeType: 'image/png' }] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({ content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')] }),
  test_multiple_content_types: () => ({ content: [text('Multiple content types test:'), { type: 'image', data: png, mimeType: 'image/png' },
    embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}')] }),
  test_error_handling: () => ({ ...says('This tool intentionally returns an error for testing'), isError: true }),
  json_schema_2020_12_tool: (given) => says(JSON.stringify(given)),
  async test_tool_with_logging(_, ctx) {
    for (const step of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      if (has('log')) await ctx.mcpReq.log('info', step);
      await sleep(50);
    }
    return says('Logged three times.');
  },
  test_logging_tool: (given, ctx) => tools.test_tool_with_logging(given, ctx),
  async test_tool_with_progress(_, ctx) {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (const progress of has('progress') ? [0, 50, 100] : []) {
      if (progressToken !== undefined)
        await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100, message: `At ${progress} of 100` } });
      await sleep(50);
    }
    return says('Done.');
  },
  async test_reconnection(_, ctx) {
    ctx.http?.closeSSE?.();
    await sleep(100);
    return says('Answered after the stream was closed.');
  },
  test_sampling(given, ctx) {
    const answer = ctx.mcpReq.inputResponses?.answer;
    return answer ? says(`LLM response: ${answer.content?.text ?? 'none'}`) : inputRequired({ inputRequests: { answer: sample(given.prompt ?? 'Say something.') } });
  },
  test_elicitation: (given, ctx) => elicited(ctx, given.message ?? 'Well?', { response: { type: 'string', description: "User's response" } }),
  test_elicitation_sep1034_defaults: (_, ctx) => elicited(ctx, 'Please review the defaults', {
    name: { type: 'string', description: 'Name', default: 'John Doe' }, age: { type: 'integer', description: 'Age', default: 30 },
    score: { type: 'number', description: 'Score', default: 95.5 },
    status: { type: 'string', description: 'Status', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', description: 'Verified', default: true } }, []),
  test_elicitation_sep1330_enums: (_, ctx) => elicited(ctx, 'Please choose', {
    untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
    titledSingle: { type: 'string', oneOf: [{ const: 'value1', title: 'First Option' }, { const: 'value2', title: 'Second Option' }, { const: 'value3', title: 'Third Option' }] },
    legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
    untitledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
    titledMulti: { type: 'array', minItems: 1, maxItems: 3,
      items: { anyOf: [{ const: 'value1', title: 'First Choice' }, { const: 'value2', title: 'Second Choice' }, { const: 'value3', title: 'Third Choice' }] } } }, []),
  test_streaming_elicitation: (_, ctx) => elicited(ctx, 'Anything?', { answer: { type: 'string' } }),
  test_missing_capability(_, ctx, server) {
    if (!capabilities(ctx, server).sampling)
      throw Object.assign(new Error('This tool needs a client that can sample.'), { code: -32021, data: { requiredCapabilities: { sampling: {} } } });
    return says('The client can sample.');
  },
  test_input_required_result_elicitation(_, ctx) {
    const answer = acceptedContent(ctx.mcpReq.inputResponses, 'user_name');
    return answer ? says(`Hello, ${answer.name}!`) : inputRequired({ inputRequests: { user_name: ask('What is your name?', { name: { type: 'string' } }) } });
  },
  test_input_required_result_sampling(_, ctx) {
    const answer = ctx.mcpReq.inputResponses?.capital_question;
    return answer ? says(`The client said: ${answer.content?.text}`)
      : inputRequired({ inputRequests: { capital_question: sample('What is the capital of France?') } });
  },
  test_input_required_result_list_roots(_, ctx) {
    const answer = ctx.mcpReq.inputResponses?.client_roots;
    return answer ? says(`Found ${answer.roots?.length} roots.`) : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  },
  async test_input_required_result_request_state(_, ctx) {
    if (!has('state')) return says('No state is kept.');
    const state = ctx.mcpReq.requestState();
    if (state?.kind === 'confirm' && acceptedContent(ctx.mcpReq.inputResponses, 'confirm')) return says('state-ok');
    return inputRequired({ inputRequests: { confirm: ask('Please confirm', { ok: { type: 'boolean' } }) }, requestState: await states.mint({ kind: 'confirm' }) });
  },
  async test_input_required_result_multiple_inputs(_, ctx) {
    const given = ctx.mcpReq.inputResponses;
    const name = acceptedContent(given, 'user_name');
    if (name && given.greeting && given.client_roots) return says(`${name.name}: ${given.greeting.content?.text} (${given.client_roots.roots?.length})`);
    return inputRequired({ inputRequests: { user_name: ask('What is your name?', { name: { type: 'string' } }), greeting: sample('Generate a greeting', 50),
      client_roots: inputRequired.listRoots() }, requestState: await states.mint({ kind: 'multiple' }) });
  },
  async test_input_required_result_multi_round(_, ctx) {
    const state = ctx.mcpReq.requestState();
    const first = acceptedContent(ctx.mcpReq.inputResponses, 'step1');
    const second = acceptedContent(ctx.mcpReq.inputResponses, 'step2');
    if (state?.name && second) return says(`${state.name} likes ${second.color}.`);
    if (state?.round === 1 && first)
      return inputRequired({ inputRequests: { step2: ask('Step 2: What is your favorite color?', { color: { type: 'string' } }) }, requestState: await states.mint({ name: first.name }) });
    return inputRequired({ inputRequests: { step1: ask('Step 1: What is your name?', { name: { type: 'string' } }) }, requestState: await states.mint({ round: 1 }) });
  },
  test_input_required_result_tampered_state: (given, ctx) => tools.test_input_required_result_request_state(given, ctx),
  test_input_required_result_capabilities(_, ctx, server) {
    if (ctx.mcpReq.inputResponses) return says('capabilities-ok');
    const can = capabilities(ctx, server);
    const inputRequests = {};
    if (can.elicitation) inputRequests.elicit_input = ask('A value, please', { value: { type: 'string' } });
    if (can.sampling) inputRequests.sample_input = sample('Sample request', 50);
    return Object.keys(inputRequests).length ? inputRequired({ inputRequests }) : says('The client can do nothing that is asked here.');
  },
  // A tool that comes and goes: both states of the list can be trusted beforehand.
  test_trigger_tool_change(_, __, server) {
    flapping = !flapping;
    changed(server, 'tools');
    return says('The list of tools changed.');
  },
  test_trigger_prompt_change(_, __, server) {
    changed(server, 'prompts');
    return says('The list of prompts changed.');
  },
  test_flapping: () => says('Here just now.'),
};
let flapping = true;
const schemas = {
  json_schema_2020_12_tool: fullSchema,
  test_sampling: form({ prompt: { type: 'string' } }),
  test_elicitation: form({ message: { type: 'string' } }),
};

function elicited(ctx, message, properties, required) {
  const answer = ctx.mcpReq.inputResponses?.answer;
  return answer ? says(`User response: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`)
    : inputRequired({ inputRequests: { answer: { method: 'elicitation/create', params: { message, requestedSchema: form(properties, required) } } } });
}

const capabilities = (ctx, server) =>
  ctx.mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities'] ?? server.getClientCapabilities() ?? {};

const prompts = {
  test_simple_prompt: { description: 'No arguments', get: () => [text('This is a simple prompt for testing.')] },
  test_prompt_with_arguments: { description: 'Two arguments', arguments: [{ name: 'arg1', required: true }, { name: 'arg2', required: true }],
    get: ({ arg1, arg2 }) => [text(has('prompt-arguments') ? `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` : 'Prompt without arguments')] },
  test_prompt_with_embedded_resource: { description: 'Embeds a resource', arguments: [{ name: 'resourceUri', required: true }],
    get: ({ resourceUri }) => [embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.'), text('Please process it.')] },
  test_prompt_with_image: { description: 'Has an image', get: () => [{ type: 'image', data: png, mimeType: 'image/png' }, text('Please look at it.')] },
  test_input_required_result_prompt: { description: 'Asks for a context', get(_, ctx) {
    const answer = acceptedContent(ctx.mcpReq.inputResponses, 'user_context');
    return answer ? [text(`Prompt with context: ${answer.context}`)]
      : inputRequired({ inputRequests: { user_context: ask('What context should the prompt use?', { context: { type: 'string' } }) } });
  } },
};

const resources = {
  'test://static-text': { name: 'static-text', mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { name: 'static-binary', mimeType: 'image/png', blob: png },
  'test://watched-resource': { name: 'watched-resource', mimeType: 'text/plain', text: 'Watched.' },
};

let publish; // of the stateless generation over HTTP
function changed(server, what) {
  if (publish && server.modern) return what === 'tools' ? publish.toolsChanged() : publish.promptsChanged();
  return what === 'tools' ? server.sendToolListChanged() : server.sendPromptListChanged();
}

function makeServer(context) {
  const hint = { ttlMs: 300000, cacheScope: 'public' };
  const server = new Server({ name: 'conformance-server', version: '1.0.0' }, {
    capabilities: { tools: { listChanged: true }, prompts: { listChanged: true }, resources: { subscribe: true, listChanged: true }, logging: {}, completions: {} },
    requestState: { verify: states.verify },
    cacheHints: { 'tools/list': hint, 'prompts/list': hint, 'resources/list': hint, 'resources/templates/list': hint, 'resources/read': { ttlMs: 300000, cacheScope: 'private' } } });
  server.modern = context?.era === 'modern';
  server.setRequestHandler('tools/list', () => ({
    tools: Object.keys(tools).filter((name) => flapping || name !== 'test_flapping')
      .map((name) => ({ name, description: `Test tool ${name}.`, inputSchema: schemas[name] ?? empty })) }));
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    const tool = Object.hasOwn(tools, params.name) ? tools[params.name] : undefined;
    if (!tool) throw Object.assign(new Error(`Unknown tool: ${params.name}`), { code: -32602 });
    return tool(params.arguments ?? {}, ctx, server);
  });
  server.setRequestHandler('prompts/list', () => ({
    prompts: Object.entries(prompts).map(([name, { description, arguments: takes }]) => ({ name, description, ...(takes && { arguments: takes }) })) }));
  server.setRequestHandler('prompts/get', async ({ params }, ctx) => {
    const content = await prompts[params.name]?.get(params.arguments ?? {}, ctx);
    if (!content) throw Object.assign(new Error(`Unknown prompt: ${params.name}`), { code: -32602 });
    return Array.isArray(content) ? { messages: content.map((part) => ({ role: 'user', content: part })) } : content;
  });
  server.setRequestHandler('resources/list', () => ({
    resources: Object.entries(resources).map(([uri, { name, mimeType }]) => ({ uri, name, description: `Test resource ${name}.`, mimeType })) }));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', description: 'One value', mimeType: 'application/json' }] }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => {
    const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
    if (id) return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) }] };
    if (!resources[uri] && !has('not-found')) return { contents: [] };
    if (!resources[uri]) throw Object.assign(new Error(`Resource not found: ${uri}`), { code: server.modern ? -32602 : -32002, data: { uri } });
    const { mimeType, text: body, blob } = resources[uri];
    return { contents: [{ uri, mimeType, ...(blob ? { blob } : { text: body }) }] };
  });
  if (!server.modern) {
    server.setRequestHandler('resources/subscribe', () => ({}));
    server.setRequestHandler('resources/unsubscribe', () => ({}));
  }
  server.setRequestHandler('completion/complete', () => ({ completion: { values: [], total: 0, hasMore: false } }));
  return server;
}

// Keeps what a session said, so that a client can come back for it (Last-Event-ID).
function eventStore() {
  const kept = [];
  return {
    async storeEvent(stream, message) {
      kept.push({ stream, message });
      return `${stream}::${kept.length}`;
    },
    async replayEventsAfter(last, { send }) {
      const [stream, after] = last.split('::');
      for (let i = Number(after); i < kept.length; ++i)
        if (kept[i].stream === stream && Object.keys(kept[i].message).length) await send(`${stream}::${i + 1}`, kept[i].message);
      return stream;
    },
  };
}

async function serveHttp(port) {
  const sessions = new Map();
  const handler = createMcpHandler(makeServer, { legacy: 'reject' });
  publish = handler.notify;
  // The SDK answers 200 to an error that a tool made; a capability that is missing has to be 400.
  const stateless = toNodeHandler({ fetch: async (request, given) => {
    const response = await handler.fetch(request, given);
    if (response.status !== 200 || !response.headers.get('content-type')?.includes('json')) return response;
    const body = await response.text();
    return new Response(body, { status: JSON.parse(body).error?.code === -32021 ? 400 : 200, headers: response.headers });
  } });
  const sessionful = async (request, response, body) => {
    const id = request.headers['mcp-session-id'];
    let transport = sessions.get(id);
    if (!transport && id) return response.writeHead(404).end();
    if (!transport) {
      transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, eventStore: eventStore(), retryInterval: 500,
        onsessioninitialized: (made) => sessions.set(made, transport), onsessionclosed: (gone) => sessions.delete(gone) });
      await makeServer({ era: 'legacy' }).connect(transport);
    }
    await transport.handleRequest(request, response, body);
  };
  const isOurs = [localhostHostValidation(), localhostOriginValidation()];
  const listener = http.createServer(async (request, response) => {
    if (!isOurs.every((check) => check(request, response))) return;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    let body;
    try {
      body = chunks.length ? JSON.parse(Buffer.concat(chunks)) : undefined;
    } catch {
      return response.writeHead(400, { 'Content-Type': 'application/json' }).end('{"jsonrpc":"2.0","error":{"code":-32700,"message":"Not JSON"}}');
    }
    const legacy = era === 'legacy' || (era === 'both' && (await isLegacyRequest(await toWebRequest(request, body), body)));
    await (legacy ? sessionful : stateless)(request, response, body);
  });
  listener.listen(Number(port), '127.0.0.1', () => console.log(JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${listener.address().port}/mcp` })));
}

if (option('http') !== undefined) await serveHttp(option('http'));
else if (era === 'legacy') await makeServer({ era: 'legacy' }).connect(new StdioServerTransport());
else serveStdio(makeServer, { legacy: era === 'modern' ? 'reject' : 'serve' });
