import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const RELAY_FIREWALL = path.join(import.meta.dirname, '../../../../deploy/turn/relay-ports-only.nft');

/** Runs a command; throws its error output if it fails. @returns its output */
function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')}: ${(stderr || error?.message || '').trim()}`);
  return stdout;
}

const ip = (line: string): string => run('ip', ...line.split(' '));

/** @returns why this machine cannot create test networks, or undefined if it can */
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

/** Removes namespaces left by runs that were killed. */
function sweep(): void {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  for (const [name, pid] of stdout.matchAll(/^wc(\d+)\S*/gm)) if (!existsSync(`/proc/${pid}`)) ip(`netns del ${name}`);
}

/**
 * A simulated internet: hosts, each behind a NAT, and one network that connects them with the relay and the server.
 * The server runs outside the lab, where its database is, and is connected by a virtual cable.
 *
 *     host ── nat ──┐
 *                   ├── net (relay) ── server
 *     host ── nat ──┘
 */
export class Lab {
  private readonly id = `wc${process.pid}`;
  /** Prefix of public addresses, so that the relay's rules apply like on a real network. */
  private readonly prefix = `25.${process.pid & 255}.${(process.pid >> 8) & 255}`;
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'webcall-lab-'));
  private readonly hosts: Host[] = [];
  readonly serverAddress = `${this.prefix}.1`;
  readonly relayAddress = `${this.prefix}.2`;
  /** Put before a command to run it in the relay's network. */
  readonly inNet: readonly string[];
  /** User id of the relay, which the project's firewall rule matches. */
  readonly relayUser = 3478;

  constructor() {
    sweep();
    const net = `${this.id}-net`;
    this.inNet = ['ip', 'netns', 'exec', net];
    ip(`netns add ${net}`);
    ip(`-n ${net} link set lo up`);
    // Without a fixed hardware address the bridge would change it when a host is added, and hosts would not find the
    // relay for half a minute.
    ip(`-n ${net} link add street address 02:00:00:00:00:01 type bridge`);
    ip(`-n ${net} addr add ${this.relayAddress}/24 dev street`);
    ip(`-n ${net} link set street up`);
    ip(`link add ${this.id} type veth peer name server netns ${net}`);
    ip(`addr add ${this.serverAddress}/24 dev ${this.id}`);
    ip(`link set ${this.id} up`);
    ip(`-n ${net} link set server master street`);
    ip(`-n ${net} link set server up`);
  }

  /** Connects one more host, behind its own NAT. */
  addHost(): Host {
    const host = new Host({ id: this.id, prefix: this.prefix, folder: this.folder, number: this.hosts.length });
    this.hosts.push(host);
    return host;
  }

  /** Loads the project's firewall rule for the relay. */
  useRelayFirewall(): void {
    this.relayRules('-f', RELAY_FIREWALL);
  }

  /** Number of packets that this rule has dropped. */
  relayFirewallDrops(): number {
    const listing = this.relayRules('list', 'table', 'inet', 'webcall_turn');
    return [...listing.matchAll(/counter packets (\d+)/g)].reduce((sum, [, packets]) => sum + Number(packets), 0);
  }

  /** Runs nft in the relay's network. @param args its arguments */
  relayRules(...args: string[]): string {
    const [command = '', ...rest] = this.inNet;
    return run(command, ...rest, 'nft', ...args);
  }

  /** Routes an address from the relay's machine into the network. */
  addRelayRoute(address: string): void {
    ip(`-n ${this.id}-net route add ${address} dev street`);
  }

  close(): void {
    for (const host of this.hosts) host.close();
    // Removing the namespace also removes the link, but later, and the next lab of this process needs the same name.
    ip(`link del ${this.id}`);
    ip(`netns del ${this.id}-net`);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A machine in a home network. */
export class Host {
  private readonly name: string;
  private readonly nat: string;
  /** The network interface of the host, with its network below; both change when the host switches networks. */
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
      // An address of IPv6 appears by itself a second or two later, and the browser would take that for a change of the
      // network in the middle of whatever it is loading.
      run(
        'ip',
        'netns',
        'exec',
        space,
        'sh',
        '-c',
        'for f in all default; do echo 1 > /proc/sys/net/ipv6/conf/$f/disable_ipv6; done',
      );
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

  /** @returns a script that runs the browser on this host */
  browser(executable: string): string {
    const file = path.join(this.place.folder, `${this.name}.sh`);
    if (!existsSync(file)) {
      writeFileSync(file, `#!/bin/sh\nexec ip netns exec ${this.name} ${executable} "$@"\n`, { mode: 0o755 });
    }
    return file;
  }

  /** Makes the NAT drop everything silently. */
  cut(): void {
    this.rules('add rule ip home through drop');
  }

  heal(): void {
    this.rules('flush chain ip home through');
  }

  /** Blocks outgoing UDP, like strict company networks. */
  blockUdp(): void {
    this.rules('add rule ip home through ip protocol udp drop');
  }

  /** Blocks outgoing TCP to a port. */
  blockTcp(port: number): void {
    this.rules(`add rule ip home through tcp dport ${port} drop`);
  }

  /** The host loses its network, such as when out of reach, and notices it. */
  loseNetwork(): void {
    ip(`-n ${this.name} link set ${this.device} down`);
    ip(`-n ${this.name} addr flush dev ${this.device}`);
  }

  /** The host finds its network again with another address, and notices it. */
  findNetwork(): void {
    this.nextAddress();
    ip(`-n ${this.name} link set ${this.device} up`);
    this.setAddress();
  }

  /** Replaces the network interface by one in another network, such as cable by Wi-Fi. */
  changeInterface(): void {
    ip(`-n ${this.name} link del ${this.device}`);
    const { number } = this.place;
    [this.device, this.lan] = this.device === 'eth0' ? ['wlan0', `10.${number}.1`] : ['eth0', `10.${number}.0`];
    this.plugIn();
  }

  /** The host gets another address on the same interface, and the browser is not notified. */
  changeAddress(): void {
    const before = `${this.lan}.${this.address}/24 dev ${this.device}`;
    this.nextAddress();
    ip(`-n ${this.name} addr del ${before}`);
    this.setAddress();
  }

  /** The NAT gets another public address and loses its connections; the host does not notice it. */
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
