// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the server leg of the pinned conformance suite against a URL and prints what came of it as one line of JSON:
//
//   conformance.mjs --url URL --revision 2025-11-25|2026-07-28 --out FOLDER [--token TOKEN] [--scenario NAME]
//   {"revision":...,"passed":30,"total":30,"checks":[69,69],"failed":{NAME:[REASON,...]}}
//
// A scenario passes when at least one of its checks succeeded and none failed; the suite's own exit code is softer. Only what
// the revision requires counts. The suite cannot send a token by itself: --token is added to each of its requests.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { spawnSync } from 'node:child_process';
import YAML from 'yaml';

const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const [url, revision, out, token, scenario] = ['url', 'revision', 'out', 'token', 'scenario'].map(option);
const here = import.meta.dirname;
const suite = path.join(path.dirname(createRequire(import.meta.url).resolve('yaml/package.json')), '..', '@modelcontextprotocol', 'conformance');
const what = scenario ? ['--scenario', scenario, '--spec-version', revision, '--force'] : ['--requirements', revision];
const run = spawnSync(process.execPath, ['--require', path.join(here, 'conformance-token.cjs'), path.join(suite, 'dist', 'index.js'), 'server', '--url', url, ...what, '-o', out],
  { encoding: 'utf8', timeout: 240000, env: { ...process.env, COUNTERSIGN_TEST_TOKEN: token ?? '' } });
fs.mkdirSync(out, { recursive: true });
fs.writeFileSync(path.join(out, 'log.txt'), `${run.stdout}\n${run.stderr}\n${run.error ?? ''}`);

const checks = new Map();
for (const file of fs.readdirSync(out, { recursive: true }).filter((name) => path.basename(name) === 'checks.json'))
  checks.set(path.dirname(file).replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '').replace(/^server-/, ''), JSON.parse(fs.readFileSync(path.join(out, file), 'utf8')));
if (checks.size === 0) {
  console.error(`The suite did not run: ${run.error ?? run.stderr}`);
  process.exit(2);
}
const required = scenario ? [scenario] : YAML.parse(fs.readFileSync(path.join(suite, 'requirements', `${revision}.yaml`), 'utf8')).server;
const failed = {};
const counted = [0, 0];
for (const name of required) {
  // The suite's folders begin with "server-", and so do some names.
  const of = checks.get(name) ?? checks.get(name.replace(/^server-/, '')) ?? [];
  const good = of.filter((check) => check.status === 'SUCCESS').length;
  const bad = of.filter((check) => check.status === 'FAILURE');
  counted[0] += good;
  counted[1] += good + bad.length;
  if (bad.length || !good) failed[name] = bad.length ? bad.map((check) => `${check.id}: ${check.errorMessage ?? 'failed'}`) : ['no result'];
}
console.log(JSON.stringify({ revision, passed: required.length - Object.keys(failed).length, total: required.length, checks: counted, failed }));
