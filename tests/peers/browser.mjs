// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A stand-in for the person's browser: opens the address of its first argument, follows where it leads, prints the page. A second
// argument is sent there by POST.
const [address, body] = process.argv.slice(2);
const response = await fetch(address, { redirect: 'follow', ...(body && { method: 'POST', body }) });
console.log(JSON.stringify({ event: 'page', status: response.status, url: response.url.split('?')[0], text: await response.text() }));
