import { isIP } from 'node:net';

/** Settings are missing or wrong; `problems` has one sentence for each. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
  }
}

/** Reads settings one by one and collects their problems, so that all can be reported at once. */
export class SettingsReader {
  readonly problems: string[] = [];

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  /** An empty setting counts as missing. */
  readText(name: string): string | undefined {
    return this.env[name]?.trim() || undefined;
  }

  requireText(name: string, description: string): string {
    const value = this.readText(name);
    if (value === undefined) this.problems.push(`${name} is missing: ${description}.`);
    return value ?? '';
  }

  readOneOfValues<T extends string>(name: string, values: readonly T[], fallback: T): T {
    const value = this.readText(name);
    if (value === undefined) return fallback;
    const found = values.find((known) => known === value);
    if (!found) this.problems.push(`${name} must be one of ${values.join(', ')}.`);
    return found ?? fallback;
  }

  readNumberInRange(name: string, range: { min: number; max: number; fallback: number; whole?: boolean }): number {
    const text = this.readText(name);
    if (text === undefined) return range.fallback;
    const value = Number(text);
    const fits = value >= range.min && value <= range.max && (range.whole === false || Number.isInteger(value));
    if (!fits) {
      const kind = range.whole === false ? 'number' : 'whole number';
      this.problems.push(`${name} must be a ${kind} from ${range.min} to ${range.max}.`);
    }
    return fits ? value : range.fallback;
  }

  readCommaList(name: string, isValid: (entry: string) => boolean, description: string): string[] {
    const entries = (this.readText(name) ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean);
    const invalid = entries.filter((entry) => !isValid(entry));
    if (invalid.length) this.problems.push(`${name} must list ${description}; these are not: ${invalid.join(', ')}.`);
    return entries;
  }

  checkUrlProtocol(name: string, protocols: readonly string[], value: string | undefined): string | undefined {
    if (value && !protocols.includes(parseUrl(value)?.protocol ?? '')) {
      this.problems.push(`${name} must be an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}.`);
    }
    return value;
  }

  /** The problems never repeat the secret itself. */
  checkSecretStrength(name: string, minLength: number, value: string | undefined): void {
    if (!value) return;
    if (value.length < minLength)
      this.problems.push(`${name} is too short: it needs at least ${minLength} characters.`);
    else if (isPlaceholderSecret(value))
      this.problems.push(`${name} is a placeholder or easy to guess: choose a random one.`);
  }
}

/** @returns whether a secret looks like one from an example, or has fewer than five different characters. */
function isPlaceholderSecret(secret: string): boolean {
  const example =
    /change.?(me|this)|place.?holder|your.?(secret|own|key|code)|example|^(secret|password|test)[\W_\d]*$/i;
  return example.test(secret) || new Set(secret).size < 5;
}

/** @returns the parsed URL, or undefined if the text is not a URL. */
function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** @returns whether the text is only scheme, host and port of a website. */
export function isWebOrigin(text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.origin === text;
}

/** @returns whether the text is an address, a network like 10.0.0.0/8, or a name for private networks. */
export function isAddressOrNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (!version || rest.length) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
