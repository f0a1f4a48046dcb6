// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A stand-in, built from the RFCs (6749, 7009, 7591, 7636, 8414, 8707, 9207, 9728): an authorization server and an MCP server
// that wants its tokens, on one port of 127.0.0.1. Checks what a client sends as a strict server does. Says on its first line
// where it is, then tells one JSON object for each request. How it behaves is its argument (JSON), and changes by POST /behave.
// GET /secrets answers with all that nobody else may know: {"access":[...],"refresh","code","client","verifier"}.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const behave = {
    lifetime: 3600, // seconds of an access token; null = not told
    refresh: true, // gives refresh tokens, each good once
    iss: 'right', // in answers to the browser: right, wrong, absent (and not announced), withheld (announced)
    metadata: 'path', // of the resource: path, root, none
    challenge: 'quoted', // WWW-Authenticate: quoted, unquoted, bare
    issuerPath: '', // "/tenant"
    server: {}, // merged into the authorization server's metadata
    resource: {}, // merged into the resource's metadata
    register: true,
    clients: {}, // registered beforehand: id -> secret or null
    scope: null, // needed for tools/call
    account: null, // in an ID token
    refuse: null, // error of every sign-in
    ...JSON.parse(process.argv[2] ?? '{}'),
};
const tell = (event, what = {}) => console.log(JSON.stringify({ event, ...what }));
const secret = (prefix) => prefix + randomBytes(24).toString('base64url');
const clients = new Map(), codes = new Map(), access = new Map(), refresh = new Map();
const secrets = { access: [], refresh: [], code: [], client: [], verifier: [] };
const remember = (kind, value) => {
    if (value) secrets[kind].push(value);
    return value;
};
let origin = '';

const send = (response, status, body, headers = {}) => {
    const text = body === null ? '' : JSON.stringify(body);
    response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), ...headers });
    response.end(text);
};
const issuer = () => origin + behave.issuerPath;
const resource = () => behave.resource.resource ?? origin + '/mcp';

function serverMetadata() {
    return {
        issuer: issuer(),
        authorization_endpoint: origin + '/authorize',
        token_endpoint: origin + '/token',
        ...(behave.register ? { registration_endpoint: origin + '/register' } : {}),
        revocation_endpoint: origin + '/revoke',
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
        ...(behave.iss === 'absent' ? {} : { authorization_response_iss_parameter_supported: true }),
        ...behave.server,
    };
}

function resourceMetadata() {
    return { resource: resource(), authorization_servers: [issuer()], scopes_supported: ['tools:read', 'tools:call'], ...behave.resource };
}

// The client that a request to the token or revocation endpoint proves to be; null when it does not.
function clientOf(request, form) {
    const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '');
    let id = form.get('client_id'), given = form.get('client_secret') ?? null;
    if (basic) {
        if (id !== null || given !== null) return null; // one way only
        [id, given] = Buffer.from(basic[1], 'base64').toString().split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
    }
    const client = clients.get(id);
    return client && (client.secret ?? null) === given ? { id, ...client } : null;
}

function grant(response, client, scope, what) {
    const token = remember('access', secret('at-'));
    access.set(token, { scope, client: client.id, until: behave.lifetime === null ? Infinity : Date.now() + behave.lifetime * 1000 });
    const body = { access_token: token, token_type: 'Bearer', scope };
    if (behave.lifetime !== null) body.expires_in = behave.lifetime;
    if (behave.refresh) {
        body.refresh_token = remember('refresh', secret('rt-'));
        refresh.set(body.refresh_token, { client: client.id, scope });
    }
    if (behave.account) body.id_token = ['{}', JSON.stringify({ iss: issuer(), sub: '1', email: behave.account }), 's']
        .map((part) => Buffer.from(part).toString('base64url')).join('.');
    tell('token', { ok: true, scope, ...what });
    send(response, 200, body, { 'Cache-Control': 'no-store' });
}

const routes = {
    'POST /behave': (request, response, url, body) => {
        Object.assign(behave, JSON.parse(body));
        if (behave.forget === 'access') access.clear();
        if (behave.forget === 'refresh') refresh.clear();
        delete behave.forget;
        send(response, 200, {});
    },
    'GET /secrets': (request, response) => send(response, 200, secrets),
    'POST /register': (request, response, url, body) => {
        const asked = JSON.parse(body);
        const valid = asked.application_type === 'native' && asked.redirect_uris?.length === 1;
        tell('register', { ok: valid, redirect: asked.redirect_uris?.[0], method: asked.token_endpoint_auth_method });
        if (!valid) return send(response, 400, { error: 'invalid_client_metadata', error_description: 'native programs only' });
        const id = secret('client-');
        const own = asked.token_endpoint_auth_method === 'none' ? null : remember('client', secret('cs-'));
        clients.set(id, { secret: own, redirects: asked.redirect_uris });
        send(response, 201, { ...asked, client_id: id, ...(own ? { client_secret: own, client_secret_expires_at: 0 } : {}) });
    },
    'GET /authorize': (request, response, url) => {
        const asked = url.searchParams;
        const client = clients.get(asked.get('client_id'));
        const redirect = asked.get('redirect_uri') ?? '';
        const known = client && (client.redirects?.includes(redirect) ?? redirect.startsWith('http://127.0.0.1:'));
        const valid = known && asked.get('response_type') === 'code' && asked.get('code_challenge_method') === 'S256'
            && asked.get('code_challenge') && asked.get('state') && asked.get('resource') === resource();
        tell('authorize', { ok: Boolean(valid), client: asked.get('client_id'), scope: asked.get('scope'), resource: asked.get('resource') });
        if (!valid) return send(response, 400, { error: 'invalid_request' });
        const answer = new URL(redirect);
        if (behave.refuse) {
            answer.searchParams.set('error', behave.refuse);
            answer.searchParams.set('error_description', 'The person said no.');
        } else {
            const code = remember('code', secret('code-'));
            codes.set(code, { client: asked.get('client_id'), redirect, challenge: asked.get('code_challenge'), scope: asked.get('scope') ?? '' });
            answer.searchParams.set('code', code);
        }
        answer.searchParams.set('state', asked.get('state'));
        if (behave.iss === 'right') answer.searchParams.set('iss', issuer());
        if (behave.iss === 'wrong') answer.searchParams.set('iss', 'https://evil.example.com');
        send(response, 302, null, { Location: answer.href });
    },
    'POST /token': (request, response, url, body) => {
        const form = new URLSearchParams(body);
        const kind = form.get('grant_type');
        const refuse = (status, error, why) => {
            tell('token', { ok: false, grant: kind, error, why });
            send(response, status, { error, error_description: why });
        };
        const client = clientOf(request, form);
        if (!client) return refuse(401, 'invalid_client', 'unknown client, or not proven');
        if (form.get('resource') !== resource()) return refuse(400, 'invalid_target', 'another resource');
        if (kind === 'authorization_code') {
            const code = codes.get(form.get('code'));
            codes.delete(form.get('code'));
            remember('verifier', form.get('code_verifier'));
            const proof = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
            if (!code || code.client !== client.id || code.redirect !== form.get('redirect_uri') || code.challenge !== proof)
                return refuse(400, 'invalid_grant', 'the code is not valid');
            return grant(response, client, code.scope, { grant: kind });
        }
        const held = refresh.get(form.get('refresh_token'));
        refresh.delete(form.get('refresh_token'));
        if (kind !== 'refresh_token' || !held || held.client !== client.id) return refuse(400, 'invalid_grant', 'the refresh token is not valid');
        grant(response, client, held.scope, { grant: kind });
    },
    'POST /revoke': (request, response, url, body) => {
        const form = new URLSearchParams(body);
        const client = clientOf(request, form);
        const known = client && (refresh.delete(form.get('token')) || access.delete(form.get('token')));
        if (known) access.clear(); // what the grant gave ends with it
        tell('revoke', { ok: Boolean(known), hint: form.get('token_type_hint') });
        send(response, client ? 200 : 401, {});
    },
    'POST /mcp': (request, response, url, body) => {
        const message = JSON.parse(body);
        const token = access.get((/^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [])[1]);
        const metadata = origin + '/.well-known/oauth-protected-resource' + (behave.metadata === 'path' ? '/mcp' : '');
        const refuse = (status, parameters) => {
            const pointer = { quoted: `resource_metadata="${metadata}"`, unquoted: `resource_metadata=${metadata}`, bare: '' }[behave.challenge];
            tell('mcp', { method: message.method, status });
            send(response, status, { error: 'refused' },
                { 'WWW-Authenticate': ('Bearer ' + [...parameters, pointer].filter(Boolean).join(', ')).trim() });
        };
        if (!token || token.until < Date.now()) return refuse(401, token ? ['error="invalid_token"'] : []);
        if (behave.scope && message.method === 'tools/call' && !token.scope.split(' ').includes(behave.scope))
            return refuse(403, ['error="insufficient_scope"', `scope="${behave.scope}"`]);
        tell('mcp', { method: message.method, status: 200 });
        if (message.id === undefined) return send(response, 202, null);
        const results = {
            initialize: {
                protocolVersion: message.params?.protocolVersion ?? '2025-11-25', capabilities: { tools: {} },
                serverInfo: { name: 'behind-a-sign-in', version: '1' },
            },
            ping: {},
            'tools/list': { tools: [{ name: 'whoami', description: 'Says that the token was good.', inputSchema: { type: 'object' } }] },
            'tools/call': { content: [{ type: 'text', text: 'let in' }] },
        };
        const result = results[message.method];
        send(response, 200, { jsonrpc: '2.0', id: message.id, ...(result ? { result } : { error: { code: -32601, message: 'Method not found' } }) });
    },
};

const server = createServer((request, response) => {
    const url = new URL(request.url, origin);
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
        const at = (wanted) => request.method === 'GET' && url.pathname === wanted;
        const known = '/.well-known/oauth-protected-resource';
        if ((behave.metadata === 'path' && at(known + '/mcp')) || (behave.metadata === 'root' && at(known)))
            return send(response, 200, resourceMetadata());
        if (at('/.well-known/oauth-authorization-server' + behave.issuerPath)) return send(response, 200, serverMetadata());
        const route = routes[`${request.method} ${url.pathname}`];
        if (route) return route(request, response, url, body);
        if (request.method === 'GET') tell('missing', { path: url.pathname });
        send(response, url.pathname === '/mcp' ? 405 : 404, {});
    });
});
server.listen(0, '127.0.0.1', () => {
    origin = `http://127.0.0.1:${server.address().port}`;
    for (const [id, own] of Object.entries(behave.clients)) clients.set(id, { secret: own });
    tell('ready', { url: origin + '/mcp', origin });
});
