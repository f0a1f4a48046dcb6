// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded into the conformance suite: gives each of its requests the token of a client (COUNTERSIGN_TEST_TOKEN).
const http = require('node:http');
const { subscribe } = require('node:diagnostics_channel');

const token = process.env.COUNTERSIGN_TEST_TOKEN;
if (token) {
  const value = `Bearer ${token}`;
  const carries = (headers) => /(^|\n|,)authorization(:|,|$)/im.test(Array.isArray(headers) ? headers.map(String).join(',') : String(headers));
  // fetch of Node and of the undici package both announce their requests here.
  subscribe('undici:request:create', ({ request }) => carries(request.headers) || request.addHeader('Authorization', value));
  const plain = http.request;
  http.request = (...given) => {
    const request = plain(...given);
    if (!request.headersSent && !request.hasHeader('Authorization')) request.setHeader('Authorization', value);
    return request;
  };
}
