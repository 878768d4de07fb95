import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const RELAY_FIREWALL = path.join(import.meta.dirname, '../../../../deploy/turn/relay-ports-only.nft');

/** Runs a command and throws what it complained of. @returns what it printed */
function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')}: ${(stderr || error?.message || '').trim()}`);
  return stdout;
}

const ip = (line: string): string => run('ip', ...line.split(' '));

/** @returns why this machine cannot make networks, or undefined when it can */
export function whyNoLab(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const missing = ['ip', 'nft', 'turnserver', 'openssl'].filter((tool) => spawnSync('which', [tool]).status !== 0);
  if (missing.length > 0) return `there is no ${missing.join(', ')}`;
  const name = `wc${process.pid}x`;
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0) return 'the kernel lets nobody make network namespaces';
  ip(`netns del ${name}`);
  return undefined;
}

/** Removes what was left by runs that were killed. */
function sweep(): void {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  for (const [name, pid] of stdout.matchAll(/^wc(\d+)\S*/gm)) if (!existsSync(`/proc/${pid}`)) ip(`netns del ${name}`);
}

/**
 * An internet of our own: hosts behind a NAT each, one network that joins them, and in it the relay and the server.
 * The server runs beside the lab, where its database is, and is reached by a cable.
 *
 *     host ── nat ──┐
 *                   ├── net (relay) ── server
 *     host ── nat ──┘
 */
export class Lab {
  private readonly id = `wc${process.pid}`;
  /** Addresses that are public anywhere else, so that the relay's rules hold here as they do there. */
  private readonly prefix = `25.${process.pid & 255}.${(process.pid >> 8) & 255}`;
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'webcall-lab-'));
  private readonly hosts: Host[] = [];
  readonly serverAddress = `${this.prefix}.1`;
  readonly relayAddress = `${this.prefix}.2`;
  /** What to put before a command, to run it where the relay is. */
  readonly inNet: readonly string[];
  /** Who the relay runs as: the firewall rule of the project knows it by that. */
  readonly relayUser = 3478;

  constructor() {
    sweep();
    const net = `${this.id}-net`;
    this.inNet = ['ip', 'netns', 'exec', net];
    ip(`netns add ${net}`);
    ip(`-n ${net} link set lo up`);
    // Without an address of its own it takes another one when a host is added, and nobody there finds the relay for half
    // a minute.
    ip(`-n ${net} link add street address 02:00:00:00:00:01 type bridge`);
    ip(`-n ${net} addr add ${this.relayAddress}/24 dev street`);
    ip(`-n ${net} link set street up`);
    ip(`link add ${this.id} type veth peer name server netns ${net}`);
    ip(`addr add ${this.serverAddress}/24 dev ${this.id}`);
    ip(`link set ${this.id} up`);
    ip(`-n ${net} link set server master street`);
    ip(`-n ${net} link set server up`);
  }

  /** Connects one more host, behind a NAT of its own. */
  addHost(): Host {
    const host = new Host({ id: this.id, prefix: this.prefix, folder: this.folder, number: this.hosts.length });
    this.hosts.push(host);
    return host;
  }

  /** Has the firewall rule that the project gives beside turnserver.conf, where the relay is. */
  useRelayFirewall(): void {
    this.relayRules('-f', RELAY_FIREWALL);
  }

  /** How often that rule has dropped something. */
  relayFirewallDrops(): number {
    const told = this.relayRules('list', 'table', 'inet', 'webcall_turn');
    return [...told.matchAll(/counter packets (\d+)/g)].reduce((sum, [, packets]) => sum + Number(packets), 0);
  }

  /** @param args of nft, which is asked about the rules of the machine that the relay is on */
  relayRules(...args: string[]): string {
    const [command = '', ...rest] = this.inNet;
    return run(command, ...rest, 'nft', ...args);
  }

  /** Lets the machine that the relay is on send to an address, whoever has it. */
  addRelayRoute(address: string): void {
    ip(`-n ${this.id}-net route add ${address} dev street`);
  }

  close(): void {
    for (const host of this.hosts) host.close();
    // It would go with its namespace too, but later, and the next lab of this process makes one of the same name.
    ip(`link del ${this.id}`);
    ip(`netns del ${this.id}-net`);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A machine in a home network. */
export class Host {
  private readonly name: string;
  private readonly nat: string;
  /** What the host is connected with, and where: changes when it goes to another network of its home. */
  private device = 'eth0';
  private lan: string;
  private address = 2;
  private wan: number;

  constructor(
    private readonly place: { readonly id: string; readonly prefix: string; folder: string; number: number },
  ) {
    const { id, prefix, number } = place;
    const name = (this.name = `${id}-h${number}`);
    const nat = (this.nat = `${id}-n${number}`);
    this.lan = `10.${number}.0`;
    this.wan = 10 + number;
    for (const space of [name, nat]) {
      ip(`netns add ${space}`);
      ip(`-n ${space} link set lo up`);
    }
    ip(`-n ${nat} link add wan type veth peer name to${number} netns ${id}-net`);
    ip(`-n ${id}-net link set to${number} master street`);
    ip(`-n ${id}-net link set to${number} up`);
    ip(`-n ${nat} addr add ${prefix}.${this.wan}/24 dev wan`);
    ip(`-n ${nat} link set wan up`);
    run('ip', 'netns', 'exec', nat, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    this.rules(
      'add table ip home',
      'add chain ip home out { type nat hook postrouting priority 100; }',
      'add rule ip home out oifname wan masquerade',
      'add chain ip home own { type filter hook input priority 0; }',
      'add rule ip home own iifname wan ct state != established drop',
      'add chain ip home through { type filter hook forward priority 0; }',
    );
    this.plugIn();
  }

  /** The browser as a program that runs on this host. */
  browser(executable: string): string {
    const file = path.join(this.place.folder, `${this.name}.sh`);
    if (!existsSync(file)) {
      writeFileSync(file, `#!/bin/sh\nexec ip netns exec ${this.name} ${executable} "$@"\n`, { mode: 0o755 });
    }
    return file;
  }

  /** Nothing comes through the NAT any more, and nobody is told. */
  cut(): void {
    this.rules('add rule ip home through drop');
  }

  heal(): void {
    this.rules('flush chain ip home through');
  }

  /** No UDP gets out, as in strict company networks. */
  blockUdp(): void {
    this.rules('add rule ip home through ip protocol udp drop');
  }

  /** No TCP gets out to a port. */
  blockTcp(port: number): void {
    this.rules(`add rule ip home through tcp dport ${port} drop`);
  }

  /** The host loses its network, as when one walks out of reach, and notices. */
  loseNetwork(): void {
    ip(`-n ${this.name} link set ${this.device} down`);
    ip(`-n ${this.name} addr flush dev ${this.device}`);
  }

  /** The host finds its network again and gets another address there, and notices. */
  findNetwork(): void {
    this.nextAddress();
    ip(`-n ${this.name} link set ${this.device} up`);
    this.setAddress();
  }

  /** One network interface goes and another one comes, with an address elsewhere: from the cable to the radio. */
  changeInterface(): void {
    ip(`-n ${this.name} link del ${this.device}`);
    const { number } = this.place;
    [this.device, this.lan] = this.device === 'eth0' ? ['wlan0', `10.${number}.1`] : ['eth0', `10.${number}.0`];
    this.plugIn();
  }

  /** The host gets another address on the same interface, of which its browser is not told. */
  changeAddress(): void {
    const before = `${this.lan}.${this.address}/24 dev ${this.device}`;
    this.nextAddress();
    ip(`-n ${this.name} addr del ${before}`);
    this.setAddress();
  }

  /** The NAT gets another public address and forgets its connections, which the host does not notice. */
  moveNat(): void {
    const { prefix, number } = this.place;
    const before = this.wan;
    this.wan = before >= 200 ? 10 + number : before + 20;
    ip(`-n ${this.nat} addr del ${prefix}.${before}/24 dev wan`);
    ip(`-n ${this.nat} addr add ${prefix}.${this.wan}/24 dev wan`);
  }

  close(): void {
    ip(`netns del ${this.name}`);
    ip(`netns del ${this.nat}`);
  }

  private plugIn(): void {
    const { name, nat, device, lan } = this;
    ip(`-n ${name} link add ${device} type veth peer name lan netns ${nat}`);
    ip(`-n ${nat} addr add ${lan}.1/24 dev lan`);
    ip(`-n ${nat} link set lan up`);
    ip(`-n ${name} link set ${device} up`);
    this.setAddress();
  }

  private nextAddress(): void {
    this.address = this.address >= 200 ? 2 : this.address + 1;
  }

  private setAddress(): void {
    ip(`-n ${this.name} addr add ${this.lan}.${this.address}/24 dev ${this.device}`);
    ip(`-n ${this.name} route replace default via ${this.lan}.1`);
  }

  private rules(...lines: string[]): void {
    for (const line of lines) run('ip', 'netns', 'exec', this.nat, 'nft', ...line.split(' '));
  }
}
