// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for the language models behind real AI clients, which run here without network and account: Anthropic (messages), OpenAI (responses, chat
// completions) and Gemini (generateContent), each as its vendor documents it, with and without a stream. It is as simple as a model can be:
//   a prompt that holds  USE <end of a tool's name> <JSON arguments>  makes it ask for that tool once;
//   what the tool answers it says back as  ANSWER <text>;
//   without such a tool it says  NO TOOL among <names>.
// Usage: model.mjs  (prints its port)
import { createServer } from 'node:http';

const textIn = (value) => {
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return value.map(textIn).join('\n');
    if (value && typeof value === 'object') return textIn(value.text ?? value.content ?? value.parts ?? value.output ?? value.response ?? JSON.stringify(value));
    return '';
};

// What the person wants: the last wish of the conversation.
const wishIn = (text) => {
    const found = [...text.matchAll(/USE (\S+) (\{[^\n]*?\})/g)].pop();
    if (!found) return undefined;
    try {
        return { ending: found[1], input: JSON.parse(found[2].replaceAll('\\"', '"')) }; // some clients quote the prompt
    } catch {
        return undefined;
    }
};

const next = ({ said, answered, tools }) => {
    if (answered !== undefined) return { text: `ANSWER ${answered}` };
    const wish = wishIn(said);
    const tool = wish && tools.find((one) => one.name.endsWith(wish.ending));
    return tool ? { tool, input: wish.input } : { text: `NO TOOL among ${tools.map((one) => one.name).join(' ')}` };
};

let calls = 0;

const anthropic = {
    read(body) {
        const last = body.messages?.at(-1)?.content;
        const results = Array.isArray(last) ? last.filter((part) => part.type === 'tool_result') : [];
        return {
            said: textIn((body.messages ?? []).filter((one) => one.role === 'user').map((one) => one.content)),
            answered: results.length ? textIn(results.map((part) => part.content)) : undefined,
            tools: body.tools ?? [],
        };
    },
    write(step, body) {
        const part = step.tool
            ? { type: 'tool_use', id: `toolu_${++calls}`, name: step.tool.name, input: step.input }
            : { type: 'text', text: step.text };
        const stop_reason = step.tool ? 'tool_use' : 'end_turn';
        const usage = { input_tokens: 1, output_tokens: 1 };
        const message = { id: `msg_${++calls}`, type: 'message', role: 'assistant', model: body.model, stop_sequence: null, usage };
        const empty = step.tool ? { ...part, input: {} } : { ...part, text: '' };
        const delta = step.tool ? { type: 'input_json_delta', partial_json: JSON.stringify(step.input) } : { type: 'text_delta', text: step.text };
        return {
            whole: { ...message, content: [part], stop_reason },
            events: [
                { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
                { type: 'content_block_start', index: 0, content_block: empty },
                { type: 'content_block_delta', index: 0, delta },
                { type: 'content_block_stop', index: 0 },
                { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
                { type: 'message_stop' },
            ],
        };
    },
};

const responses = {
    read(body) {
        const input = Array.isArray(body.input) ? body.input : [{ role: 'user', content: body.input }];
        const last = input.at(-1);
        const inNamespace = (tool) => (tool.tools ?? []).map((one) => ({ name: one.name, namespace: tool.name }));
        return {
            said: textIn(input.filter((one) => one.role === 'user').map((one) => one.content)),
            answered: last?.type?.endsWith('_output') ? textIn(last.output) : undefined,
            tools: (body.tools ?? []).flatMap((tool) => (tool.type === 'namespace' ? inNamespace(tool) : tool.name ? [{ name: tool.name }] : [])),
        };
    },
    write(step, body) {
        const item = step.tool
            ? { type: 'function_call', id: `fc_${++calls}`, call_id: `call_${calls}`, status: 'completed', ...step.tool, arguments: JSON.stringify(step.input) }
            : { type: 'message', id: `msg_${++calls}`, role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: step.text, annotations: [] }] };
        const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2, input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } };
        const whole = { id: `resp_${++calls}`, object: 'response', status: 'completed', model: body.model, output: [item], usage };
        const events = [
            { type: 'response.created', response: { ...whole, status: 'in_progress', output: [] } },
            { type: 'response.output_item.added', output_index: 0, item },
            { type: 'response.output_item.done', output_index: 0, item },
            { type: 'response.completed', response: whole },
        ];
        if (!step.tool) events.splice(2, 0, { type: 'response.output_text.delta', item_id: item.id, output_index: 0, content_index: 0, delta: step.text });
        return { whole, events };
    },
};

const chat = {
    read(body) {
        const last = body.messages?.at(-1);
        return {
            said: textIn((body.messages ?? []).filter((one) => one.role === 'user').map((one) => one.content)),
            answered: last?.role === 'tool' ? textIn(last.content) : undefined,
            tools: (body.tools ?? []).map((tool) => tool.function).filter(Boolean),
        };
    },
    write(step, body) {
        const call = () => ({ index: 0, id: `call_${++calls}`, type: 'function', function: { name: step.tool.name, arguments: JSON.stringify(step.input) } });
        const message = { role: 'assistant', content: step.text ?? null, ...(step.tool ? { tool_calls: [call()] } : {}) };
        const finish_reason = step.tool ? 'tool_calls' : 'stop';
        const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
        const head = { id: `chat_${++calls}`, created: 1, model: body.model };
        const chunk = (delta, reason) => ({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: reason }] });
        return {
            whole: { ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason }], usage },
            events: [chunk(message, null), { ...chunk({}, finish_reason), usage }, '[DONE]'],
        };
    },
};

const gemini = {
    read(body) {
        const parts = (content) => content?.parts ?? [];
        const result = parts(body.contents?.at(-1)).find((part) => part.functionResponse);
        return {
            said: textIn((body.contents ?? []).filter((one) => one.role === 'user').flatMap(parts).map((part) => part.text ?? '')),
            answered: result && textIn(result.functionResponse.response),
            tools: (body.tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []),
        };
    },
    write(step) {
        const part = step.tool ? { functionCall: { name: step.tool.name, args: step.input } } : { text: step.text };
        const whole = {
            candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
            usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
        };
        return { whole, events: [whole] };
    },
};

const dialects = [
    [/\/messages$/, anthropic],
    [/\/responses$/, responses],
    [/\/chat\/completions$/, chat],
    [/:(stream)?[gG]enerateContent$/, gemini],
];

const server = createServer(async (request, response) => {
    let bytes = '';
    for await (const piece of request) bytes += piece;
    const path = request.url.split('?')[0];
    const json = (status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const dialect = dialects.find(([form]) => form.test(path))?.[1];
    if (!dialect) {
        if (/count_?tokens$/i.test(path)) return json(200, { input_tokens: 1, totalTokens: 1 });
        if (path.endsWith('/models')) return json(200, { object: 'list', data: [{ id: 'mock', object: 'model' }], models: [] });
        return json(404, { error: { type: 'not_found_error', message: 'This stand-in has no such address.' } });
    }
    const body = JSON.parse(bytes);
    const { whole, events } = dialect.write(next(dialect.read(body)), body);
    if (!body.stream && !path.includes(':stream')) return json(200, whole);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of events)
        response.write(`${event.type ? `event: ${event.type}\n` : ''}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
    response.end();
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
