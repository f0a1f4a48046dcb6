// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A stand-in for the person's browser: opens the address of its argument, follows where it leads, prints the page.
const response = await fetch(process.argv[2], { redirect: 'follow' });
console.log(JSON.stringify({ event: 'page', status: response.status, url: response.url.split('?')[0], text: await response.text() }));
