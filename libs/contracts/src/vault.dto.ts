import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { PROTOCOL_LIMITS } from './limits';
import { IsBase64Url, NumberFromQuery } from './validation-rules';

const { vault } = PROTOCOL_LIMITS;

/** A header, which begins a generation of a vault, as the identity has signed it. */
export class VaultHeaderDto {
  /**
   * What `libs/encryption` encodes; the server does not read it.
   * @example "AAAAFndlYmNhbGwgdmF1bHQgaGVhZGVyIDE"
   */
  @IsBase64Url(vault.header)
  header!: string;

  /**
   * The 64 bytes of Ed25519.
   * @example "YSBzaWduYXR1cmUgb2YgRWQyNTUxOSBoYXMgc2l4dHktZm91ciBieXRlcywgYW5kIHRoZXNlIGFyZSB0aGVtIQ"
   */
  @IsBase64Url({ min: 64, max: 64 })
  signature!: string;
}

/** A sealed record on its way into a vault: with its box, or with the hash of one that was erased before a backup. */
export class SentVaultRecordDto {
  /**
   * The 16 bytes by which the record is named when it is to be erased.
   * @example "c2l4dGVlbiBieXRlcyEhIQ"
   */
  @IsBase64Url({ min: 16, max: 16 })
  recordId!: string;

  /**
   * What only the devices of the user, and the recovery phrase, can open.
   * @example "dHdlbHZlIG9mIGEgbm9uY2UsIGFuZCB3aGF0IGlzIHNlYWxlZA"
   */
  @IsOptional()
  @IsBase64Url(vault.box)
  box?: string;

  /**
   * SHA-256 of the box in its place, for a server that was restored and has lost that the box was erased.
   * @example "dGhpcnR5LXR3byBieXRlcyBtYWtlIG9uZSBTSEEyNTY"
   */
  @IsOptional()
  @IsBase64Url({ min: 32, max: 32 })
  boxHash?: string;
}

/** The vault key of a generation, sealed to one public key. */
export class VaultWrapDto {
  /**
   * SHA-256 of the public key.
   * @example "dGhpcnR5LXR3byBieXRlcyBtYWtlIG9uZSBTSEEyNTY"
   */
  @IsBase64Url({ min: 32, max: 32 })
  recipient!: string;

  /**
   * The encapsulated secret of HPKE.
   * @example "MSwxMjAgYnl0ZXMgb2YgWC1XaW5nLCBub3Qgc2hvd24gaGVyZQ"
   */
  @IsBase64Url(vault.encapsulated)
  encapsulated!: string;

  /**
   * The sealed vault key.
   * @example "dGhlIHZhdWx0IGtleSBhbmQgaXRzIHRhZw"
   */
  @IsBase64Url(vault.wrapBox)
  box!: string;
}

/** What is added to the log of a vault in one step: all of it, or nothing. */
export class AppendToVaultDto {
  /**
   * How many entries the log has; if it has more or fewer by now, nothing is added.
   * @example 42
   */
  @IsInt()
  @Min(0)
  @Max(vault.length.max)
  length!: number;

  /** Begins a generation, before the records. A log begins with one. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => VaultHeaderDto)
  header?: VaultHeaderDto;

  /** In the order in which they are added. */
  @IsArray()
  @ArrayMaxSize(vault.records.max)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => SentVaultRecordDto)
  records!: SentVaultRecordDto[];

  /** Of the newest generation, for those who have none. */
  @IsArray()
  @ArrayMaxSize(vault.wraps.max)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => VaultWrapDto)
  wraps!: VaultWrapDto[];

  /**
   * Ids of records whose boxes the server forgets.
   * @example ["c2l4dGVlbiBieXRlcyEhIQ"]
   */
  @IsArray()
  @ArrayMaxSize(vault.records.max)
  @IsBase64Url({ min: 16, max: 16 }, { each: true })
  erased!: string[];
}

/** Adds wraps of a generation, for those who have none. One that is there stays as it is. */
export class AddVaultWrapsDto {
  /**
   * How many headers the log has up to the one whose key is sealed here.
   * @example 1
   */
  @IsInt()
  @Min(1)
  @Max(vault.length.max)
  generation!: number;

  /** One for each recipient. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(vault.wraps.max)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => VaultWrapDto)
  wraps!: VaultWrapDto[];
}

/** A request for a stretch of the log of a vault. */
export class VaultEntriesQueryDto {
  /**
   * The index of the first entry, from 0 on.
   * @example 41
   */
  @NumberFromQuery()
  @IsInt()
  @Min(0)
  @Max(vault.length.max)
  from!: number;
}

/** A request for the wraps of one generation of a vault. */
export class VaultWrapsQueryDto {
  /**
   * The number of the header whose key is asked for, from 1 on.
   * @example 1
   */
  @NumberFromQuery()
  @IsInt()
  @Min(1)
  @Max(vault.length.max)
  generation!: number;
}

/** A record as the log has it. */
export class VaultRecordDto {
  /**
   * The 16 bytes by which the record is named.
   * @example "c2l4dGVlbiBieXRlcyEhIQ"
   */
  recordId!: string;

  /**
   * How many headers stand before it: whose key opens it.
   * @example 1
   */
  generation!: number;

  /**
   * Null once it was erased.
   * @example "dHdlbHZlIG9mIGEgbm9uY2UsIGFuZCB3aGF0IGlzIHNlYWxlZA"
   */
  box!: string | null;

  /**
   * SHA-256 of the box, which stays.
   * @example "dGhpcnR5LXR3byBieXRlcyBtYWtlIG9uZSBTSEEyNTY"
   */
  boxHash!: string;
}

/** An entry of the log of a vault: a header or a record. */
export class VaultEntryDto {
  /** Null if it is a record. */
  header!: VaultHeaderDto | null;

  /** Null if it is a header. */
  record!: VaultRecordDto | null;
}

/** A stretch of the log of a vault, of up to half a megabyte. */
export class VaultEntriesDto {
  /** In their order, the first one that was asked for at the beginning. */
  entries!: VaultEntryDto[];

  /**
   * The index at which the next stretch begins; null if this was the last one.
   * @example 137
   */
  next!: number | null;
}

/** Answer to an append. */
export class VaultAppendedDto {
  /**
   * False if the log has another length: somebody else was first, or this came before.
   * @example true
   */
  taken!: boolean;

  /**
   * How many entries the log has now.
   * @example 43
   */
  length!: number;
}

/** The wraps of one generation of a vault. */
export class VaultWrapsDto {
  /** In the order of their recipients. */
  wraps!: VaultWrapDto[];
}

/** Event `vault:changed`: there is more to read. */
export interface VaultChangedEvent {
  /** The public identity key of the vault, in base64url. */
  identity: string;
  /** How many entries the log has now. */
  length: number;
}
