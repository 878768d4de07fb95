import { type Browser, chromium, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer } from '../../../../tools/testing/e2e-server.mjs';
import { serverUrl } from '../../support/people';
import { writeVoice } from '../../support/voice';
import { Coturn } from './coturn';
import { type Host, Lab } from './lab';

const SECRET = 'quiet-harbour-lights-7';
/** The port of the relay, for UDP and TCP. */
export const RELAY_PORT = 3478;
const TLS_PORT = 5349;
const REPLACED = ['--allow-loopback-in-peer-connection', '--use-fake-device-for-media-stream'];

/** The transports to the relay in TURN_URLS. */
const RELAY_WAYS = ['udp', 'tcp'] as const;
export type RelayWay = (typeof RELAY_WAYS)[number];

/** The URL of a server and its registration code. */
interface ServerPlace {
  url: string;
  code: string;
}

/** A lab with a relay and a server in it. */
export class Net {
  private readonly browsers: Browser[] = [];

  private constructor(
    readonly lab: Lab,
    readonly coturn: Coturn,
    private readonly server: Awaited<ReturnType<typeof startServer>>,
    private readonly folder: string,
    /** The server of the other tests, used again afterwards. */
    private readonly former: ServerPlace,
  ) {}

  /** @param settings further settings of the server */
  static async open(settings: Record<string, string> = {}): Promise<Net> {
    const lab = new Lab();
    const { relayAddress, serverAddress, inNet, relayUser } = lab;
    lab.useRelayFirewall();
    const coturn = new Coturn({
      secret: SECRET,
      addresses: [relayAddress],
      port: RELAY_PORT,
      tlsPort: TLS_PORT,
      relayPorts: [49_152, 65_535],
      prefix: inNet,
      user: relayUser,
    });
    await coturn.start();
    const server = await startServer({
      HOST: serverAddress,
      STUN_SERVERS: `stun:${relayAddress}:${RELAY_PORT}`,
      TURN_URLS: RELAY_WAYS.map((way) => `turn:${relayAddress}:${RELAY_PORT}?transport=${way}`).join(),
      TURN_SECRET: SECRET,
      ...settings,
    });
    const former = { url: serverUrl(), code: process.env['WEBCALL_CODE'] ?? '' };
    useServer(server);
    const folder = mkdtempSync(path.join(tmpdir(), 'webcall-net-'));
    writeVoice(path.join(folder, 'voice.wav'));
    return new Net(lab, coturn, server, folder, former);
  }

  /** Starts a browser on a host, with a voice that never pauses. */
  async browser(host: Host): Promise<Browser> {
    const { executablePath, args } = test.info().project.use.launchOptions ?? {};
    const browser = await chromium.launch({
      executablePath: host.browser(executablePath ?? chromium.executablePath()),
      args: [
        // Up to four cameras share this machine, and only sound is measured here.
        '--use-fake-device-for-media-stream=fps=10',
        // A loopback address would look like a network when there is none.
        ...(args ?? []).filter((arg) => !REPLACED.includes(arg)),
        `--use-file-for-fake-audio-capture=${path.join(this.folder, 'voice.wav')}`,
        // Microphones need a secure page, and this server has no certificate.
        `--unsafely-treat-insecure-origin-as-secure=${this.server.url}`,
      ],
    });
    this.browsers.push(browser);
    return browser;
  }

  async close(): Promise<void> {
    await Promise.all(this.browsers.map((browser) => browser.close()));
    await this.server.stop();
    await this.coturn.stop();
    this.lab.close();
    useServer(this.former);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Selects the server that all test helpers use. */
function useServer({ url, code }: ServerPlace): void {
  process.env['WEBCALL_URL'] = url;
  process.env['WEBCALL_CODE'] = code;
}
