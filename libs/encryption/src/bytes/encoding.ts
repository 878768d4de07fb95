import { type Bytes, concatBytes, utf8Bytes, utf8Text } from './bytes';

/**
 * Everything that is signed, authenticated or hashed, by its label. The label stands first in the encoding, so a
 * signature over one type is never one over another. What changes the fields of a type changes its number.
 */
const LABELS = {
  deviceList: 'webcall device list 1',
  deviceCertificate: 'webcall device certificate 1',
  deviceSession: 'webcall device session 1',
  safetyNumber: 'webcall safety number 1',
  safetyCode: 'webcall safety code 1',
  knownPerson: 'webcall known person 1',
  pairingCode: 'webcall pairing code 1',
  pairingSalt: 'webcall pairing salt 1',
  pairingMacKey: 'webcall pairing mac key 1',
  pairingPsk: 'webcall pairing psk 1',
  pairingRequest: 'webcall pairing request 1',
  pairingApproval: 'webcall pairing approval 1',
  pairingGrant: 'webcall pairing grant 1',
  credential: 'webcall credential 1',
  commitNote: 'webcall commit note 1',
  groupState: 'webcall group state 1',
  keyPackageSecret: 'webcall key package secret 1',
  epochKeyId: 'webcall epoch key id 2',
  epochRoster: 'webcall epoch roster 1',
  chatKey: 'webcall chat key 1',
  messageFrame: 'webcall message frame 1',
  message: 'webcall message 1',
  messageBox: 'webcall message box 1',
  keyRequest: 'webcall key request 1',
  keyRequestHash: 'webcall key request hash 1',
  keyAnswer: 'webcall key answer 1',
  keyAnswerFrame: 'webcall key answer frame 1',
  keyAnswerBox: 'webcall key answer box 1',
  chainItem: 'webcall chain item 2',
  chainHash: 'webcall chain hash 1',
  linkAdmission: 'webcall link admission 1',
  linkSeed: 'webcall link seed 1',
  vaultHeader: 'webcall vault header 1',
  vaultEntryHash: 'webcall vault entry hash 1',
  vaultRecord: 'webcall vault record 1',
  vaultRecordFrame: 'webcall vault record frame 1',
  vaultRoster: 'webcall vault roster 1',
  vaultKeyHash: 'webcall vault key hash 1',
  vaultSealingKey: 'webcall vault sealing key 1',
  vaultPreviousKey: 'webcall vault previous key 1',
  vaultWrap: 'webcall vault wrap 1',
  vaultWaiting: 'webcall vault waiting record 1',
  phraseKey: 'webcall phrase key 1',
  phraseIdentity: 'webcall phrase identity 1',
} as const;

/** The name of an encoding. */
type EncodingType = keyof typeof LABELS;

/** A field of an encoding. Numbers are whole and not negative. */
export type Field = Uint8Array | string | number | readonly Field[];

/** @returns the fields with their lengths, behind the label of the type: no two lists of fields have one encoding */
export function encodeFields(type: EncodingType, fields: readonly Field[]): Bytes {
  return encodeList([LABELS[type], ...fields]);
}

/** @returns the fields of {@link encodeFields}; null if the bytes are anything else than an encoding of that type */
export function decodeFields(type: EncodingType, bytes: Uint8Array): FieldReader | null {
  const fields = decodeList(bytes);
  if (!fields) return null;
  const reader = new FieldReader(fields);
  return reader.readText() === LABELS[type] ? reader : null;
}

function encodeList(fields: readonly Field[]): Bytes {
  return concatBytes(...fields.flatMap((field) => withLength(encodeField(field))));
}

function encodeField(field: Field): Uint8Array {
  if (field instanceof Uint8Array) return field;
  if (typeof field === 'string') return utf8Bytes(field);
  if (typeof field !== 'number') return encodeList(field);
  if (!Number.isSafeInteger(field) || field < 0) throw new RangeError('Only whole numbers from 0 on can be encoded.');
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(field));
  return number;
}

function withLength(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return [length, bytes];
}

function decodeList(bytes: Uint8Array): Bytes[] | null {
  const fields: Bytes[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset < bytes.length;) {
    if (offset + 4 > bytes.length) return null;
    const end = offset + 4 + view.getUint32(offset);
    if (end > bytes.length) return null;
    fields.push(bytes.slice(offset + 4, end));
    offset = end;
  }
  return fields;
}

/**
 * Reads decoded fields one after the other. What is missing or malformed reads as an empty value and is remembered:
 * whoever reads asks {@link isComplete} once, at the end.
 */
export class FieldReader {
  private next = 0;
  private malformed = false;

  constructor(private readonly fields: readonly Bytes[]) {}

  /** Whether all fields were read, none was missing, and each was what it was read as. */
  get isComplete(): boolean {
    return !this.malformed && this.next === this.fields.length;
  }

  /** @returns the next field; `length` if it must have exactly that many bytes */
  readBytes(length?: number): Bytes {
    const field = this.fields[this.next++];
    if (field && (length === undefined || field.length === length)) return field;
    this.malformed = true;
    return new Uint8Array(length ?? 0);
  }

  readText(): string {
    const text = utf8Text(this.readBytes());
    if (text === null) this.malformed = true;
    return text ?? '';
  }

  readNumber(): number {
    const bytes = this.readBytes(8);
    const number = new DataView(bytes.buffer).getBigUint64(0);
    if (number > BigInt(Number.MAX_SAFE_INTEGER)) this.malformed = true;
    return Number(number);
  }

  /** @returns what `read` makes of each entry of the next field, a list of lists or of single fields */
  readList<T>(read: (entry: FieldReader) => T): T[] {
    const entries = decodeList(this.readBytes());
    if (!entries) this.malformed = true;
    return (entries ?? []).map((entry) => {
      const reader = new FieldReader([entry]);
      const value = read(reader);
      if (!reader.isComplete) this.malformed = true;
      return value;
    });
  }

  /** @returns what `read` makes of the next field, which is a list of fields */
  readFields<T>(read: (fields: FieldReader) => T): T {
    const fields = decodeList(this.readBytes());
    const reader = new FieldReader(fields ?? []);
    const value = read(reader);
    if (!fields || !reader.isComplete) this.malformed = true;
    return value;
  }
}
