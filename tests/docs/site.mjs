// The site on loopback, and a browser that may go nowhere else.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createRequire } from 'node:module';

const kinds = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.gif': 'image/gif', '.woff2': 'font/woff2', '.json': 'application/json', '.wasm': 'application/wasm' };

// The npm packages lie beside the site's folder.
const packages = (root) => createRequire(path.join(root, '../x.js'));

export async function serve(root) {
  const server = http.createServer((request, reply) => {
    const file = path.join(root, decodeURIComponent(new URL(request.url, 'http://x').pathname));
    fs.readFile(file, (error, body) => {
      reply.writeHead(error ? 404 : 200, { 'content-type': kinds[path.extname(file)] ?? 'application/octet-stream' });
      reply.end(error ? '' : body);
    });
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { base: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export const launch = (root) => packages(root)('playwright-core').chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

export const axeOf = (root) => fs.readFileSync(packages(root).resolve('axe-core/axe.min.js'), 'utf8');

// A page that tells of every error, failed request, and request that would leave the machine.
export async function watched(context, base, fault) {
  const tab = await context.newPage();
  tab.on('pageerror', (error) => fault(`script error: ${error.message}`));
  tab.on('console', (line) => { if (line.type() === 'error') fault(`console: ${line.text()}`); });
  tab.on('response', (reply) => { if (reply.status() >= 400) fault(`${reply.status()} ${reply.url()}`); });
  tab.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith('data:') && !url.startsWith('blob:')) fault(`asks outside: ${url}`);
  });
  return tab;
}
