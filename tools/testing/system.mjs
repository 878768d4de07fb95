/** Finds the programs that the tests need besides npm packages, and installs missing ones if this account may. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { aptGet, mayInstall, onPath } from '../apt-get.mjs';
import { root, toolEnv } from '../bootstrap.mjs';
import { say } from '../say.mjs';

/** Checks that a browser can print a page: it may be a stub or lack a library. */
function draws(browser) {
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--dump-dom', 'data:text/html,<p>works</p>'];
  const { stdout } = spawnSync(browser, args, { encoding: 'utf8', timeout: 60_000 });
  return stdout?.includes('works') ?? false;
}

const usual = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

async function ownBrowser() {
  const { chromium } = await import('@playwright/test');
  return chromium.executablePath();
}

function download() {
  say('Downloading a browser for the end-to-end tests …');
  const playwright = path.join(root, 'node_modules/@playwright/test/cli.js');
  const { status } = spawnSync(process.execPath, [playwright, 'install', 'chromium'], {
    env: toolEnv(),
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: 5 * 60_000,
  });
  return status === 0;
}

/** @returns the path of a Chromium that works, or undefined */
export async function browser() {
  const wanted = process.env.WEBCALL_BROWSER;
  if (wanted) return draws(wanted) ? wanted : undefined;
  const present = [onPath(names), ...usual, await ownBrowser()].filter((file) => file && existsSync(file));
  const found = present.find(draws);
  if (found) return found;
  const own = await ownBrowser();
  if (download() && draws(own)) return own;
  if (!mayInstall() || !aptGet('chromium')) return undefined;
  return [onPath(names), own].filter((file) => file && existsSync(file)).find(draws);
}

/**
 * @returns the path of a Chromium without windows of its own, which takes two thirds of the processor's time for the same
 * page, or undefined: a full one does as well
 */
export function headlessShell() {
  const found = onPath(['chromium-headless-shell']);
  return found && draws(found) ? found : undefined;
}

/** @returns the path of a redis-server, or undefined */
export function redis() {
  const wanted = process.env.REDIS_SERVER;
  if (wanted) return existsSync(wanted) ? wanted : onPath([wanted]);
  const find = () => onPath(['redis-server', 'valkey-server']);
  return find() ?? (mayInstall() && aptGet('redis-server') ? find() : undefined);
}

/** @returns the path of a Firefox, or undefined */
export function firefox() {
  const wanted = process.env.WEBCALL_FIREFOX;
  if (wanted) return existsSync(wanted) ? wanted : onPath([wanted]);
  const find = () => onPath(['firefox-esr']);
  return find() ?? (mayInstall() && aptGet('firefox-esr') ? find() : undefined);
}

const networkTools = { turnserver: 'coturn', nft: 'nftables', ip: 'iproute2', openssl: 'openssl' };

/** @returns the packages that are still missing for test networks, which only root on Linux can make */
export function missingForNetworks() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return ['root on Linux'];
  const missing = () =>
    Object.entries(networkTools).flatMap(([tool, name]) => (onPath([tool, `/usr/sbin/${tool}`]) ? [] : [name]));
  const before = missing();
  if (before.length > 0 && mayInstall()) aptGet(...before);
  return missing();
}

/** @returns one command that installs the missing programs, or undefined if there is none */
export function advice(all) {
  const brews = ['redis-server', 'chromium'];
  const missing = all.filter((name) => (process.platform === 'darwin' ? brews.includes(name) : !name.includes(' ')));
  if (missing.length === 0) return undefined;
  const brew = { 'redis-server': 'redis' };
  if (process.platform === 'darwin')
    return `brew install ${missing.map((name) => brew[name] ?? `--cask ${name}`).join(' ')}`;
  return `sudo apt-get install -y ${missing.join(' ')}`;
}
