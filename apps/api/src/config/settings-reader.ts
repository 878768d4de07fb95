import { isIP } from 'node:net';

/** The environment lacks something or has something wrong: all of it, one sentence each. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
  }
}

/** Reads settings one by one and notes what is wrong with them, so that everything can be told at once. */
export class SettingsReader {
  readonly problems: string[] = [];

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  /** An empty setting counts as missing. */
  text(name: string): string | undefined {
    return this.env[name]?.trim() || undefined;
  }

  required(name: string, what: string): string {
    const value = this.text(name);
    if (value === undefined) this.problems.push(`${name} is missing: ${what}.`);
    return value ?? '';
  }

  oneOf<T extends string>(name: string, values: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const found = values.find((known) => known === value);
    if (!found) this.problems.push(`${name} must be one of ${values.join(', ')}.`);
    return found ?? fallback;
  }

  number(name: string, range: { min: number; max: number; fallback: number; whole?: boolean }): number {
    const text = this.text(name);
    if (text === undefined) return range.fallback;
    const value = Number(text);
    const fits = value >= range.min && value <= range.max && (range.whole === false || Number.isInteger(value));
    if (!fits) {
      const kind = range.whole === false ? 'number' : 'whole number';
      this.problems.push(`${name} must be a ${kind} from ${range.min} to ${range.max}.`);
    }
    return fits ? value : range.fallback;
  }

  list(name: string, isValid: (entry: string) => boolean, what: string): string[] {
    const entries = (this.text(name) ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean);
    const wrong = entries.filter((entry) => !isValid(entry));
    if (wrong.length) this.problems.push(`${name} must list ${what}; these are not: ${wrong.join(', ')}.`);
    return entries;
  }

  url(name: string, protocols: readonly string[], value: string | undefined): string | undefined {
    if (value && !protocols.includes(parsedUrl(value)?.protocol ?? '')) {
      this.problems.push(`${name} must be an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}.`);
    }
    return value;
  }

  /** Secrets are never repeated in what is told about them. */
  secret(name: string, minLength: number, value: string | undefined): void {
    if (!value) return;
    if (value.length < minLength)
      this.problems.push(`${name} is too short: it needs at least ${minLength} characters.`);
    else if (isPlaceholder(value))
      this.problems.push(`${name} is a placeholder or easy to guess: choose a random one.`);
  }
}

/** @returns whether a secret looks like one from an example, or hardly varies. */
function isPlaceholder(secret: string): boolean {
  const example =
    /change.?(me|this)|place.?holder|your.?(secret|own|key|code)|example|^(secret|password|test)[\W_\d]*$/i;
  return example.test(secret) || new Set(secret).size < 5;
}

/** @returns the parsed address, or undefined if it is none. */
function parsedUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** @returns whether it is scheme, host and port of a website and nothing else. */
export function isOrigin(text: string): boolean {
  const url = parsedUrl(text);
  return url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.origin === text;
}

/** @returns whether it is an address, a network like 10.0.0.0/8, or one of the names of private networks. */
export function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (!version || rest.length) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
