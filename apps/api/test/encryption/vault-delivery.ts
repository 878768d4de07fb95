import type { AppendToVaultDto, RestAnswer, VaultEntryDto, VaultWrapDto } from '@webcall/contracts';
import {
  base64UrlOf,
  type Bytes,
  bytesOfBase64Url,
  type VaultAppend,
  type VaultDelivery,
  type VaultEntry,
  VaultRefusal,
  type VaultWrap,
} from '@webcall/encryption';
import type { CallRoute } from './call-route';

/** The vault of an identity, at the server. */
export class HttpVaultDelivery implements VaultDelivery {
  private readonly identity: string;

  constructor(
    private readonly callRoute: CallRoute,
    identity: Bytes,
  ) {
    this.identity = base64UrlOf(identity);
  }

  async fetchLog(from: number): Promise<readonly VaultEntry[]> {
    const { identity } = this;
    const entries: VaultEntry[] = [];
    for (let next: number | null = from; next !== null;) {
      const stretch: RestAnswer<'GET /vaults/:identity/entries'> = await this.callRoute(
        'GET /vaults/:identity/entries',
        {
          identity,
          query: { from: next },
        },
      );
      // A server that gives nothing, and says that there is more, would be asked without end.
      if (stretch.entries.length === 0) break;
      entries.push(...stretch.entries.map(entryOf));
      next = stretch.next;
    }
    return entries;
  }

  async appendToLog(length: number, append: VaultAppend): Promise<void> {
    const { identity } = this;
    await this.callRoute('POST /vaults/:identity/entries', { identity, body: appendDtoOf(length, append) });
  }

  async fetchWraps(generation: number): Promise<readonly VaultWrap[]> {
    const { identity } = this;
    const { wraps } = await this.callRoute('GET /vaults/:identity/wraps', { identity, query: { generation } });
    return wraps.map((wrap) => wrapOf(generation, wrap));
  }

  async addWraps(wraps: readonly VaultWrap[]): Promise<void> {
    const { identity } = this;
    for (const generation of new Set(wraps.map((wrap) => wrap.generation))) {
      const body = { generation, wraps: wraps.filter((wrap) => wrap.generation === generation).map(wrapDtoOf) };
      await this.callRoute('POST /vaults/:identity/wraps', { identity, body });
    }
  }
}

function appendDtoOf(length: number, { entries, wraps, erased }: VaultAppend): AppendToVaultDto {
  const [first, ...rest] = entries;
  const records = first?.kind === 'header' ? rest : entries;
  return {
    length,
    ...(first?.kind === 'header' && {
      header: { header: base64UrlOf(first.header), signature: base64UrlOf(first.signature) },
    }),
    records: records.map((entry) => {
      if (entry.kind === 'header') throw new Error('Only the first entry of an append can be a header.');
      const { recordId, box, boxHash } = entry;
      const content = box ? { box: base64UrlOf(box) } : { boxHash: base64UrlOf(boxHash) };
      return { recordId: base64UrlOf(recordId), ...content };
    }),
    wraps: wraps.map(wrapDtoOf),
    erased: erased.map(base64UrlOf),
  };
}

function wrapDtoOf({ recipient, sealed: { encapsulated, box } }: VaultWrap): VaultWrapDto {
  return { recipient: base64UrlOf(recipient), encapsulated: base64UrlOf(encapsulated), box: base64UrlOf(box) };
}

function entryOf({ header, record }: VaultEntryDto): VaultEntry {
  if (header) return { kind: 'header', header: bytesOf(header.header), signature: bytesOf(header.signature) };
  if (!record) throw new VaultRefusal('malformed');
  const { generation, recordId, box, boxHash } = record;
  return {
    kind: 'record',
    generation,
    recordId: bytesOf(recordId),
    box: box === null ? null : bytesOf(box),
    boxHash: bytesOf(boxHash),
  };
}

function wrapOf(generation: number, { recipient, encapsulated, box }: VaultWrapDto): VaultWrap {
  const sealed = { encapsulated: bytesOf(encapsulated), box: bytesOf(box) };
  return { generation, recipient: bytesOf(recipient), sealed };
}

function bytesOf(text: string): Bytes {
  const bytes = bytesOfBase64Url(text);
  if (!bytes) throw new VaultRefusal('malformed');
  return bytes;
}
