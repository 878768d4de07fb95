import { PROTOCOL_LIMITS } from './limits';
import { describeDtoModule } from './testing/dto-tables';
import {
  base64UrlField,
  listField,
  nestedField,
  optionalField,
  queryNumberField,
  wholeNumberField,
} from './testing/field-expectations';
import * as contracts from './vault.dto';

const { vault } = PROTOCOL_LIMITS;
const bytes = (length: number): string => Buffer.alloc(length).toString('base64url');

const header = { header: base64UrlField(vault.header.min, vault.header.max), signature: base64UrlField(64, 64) };
const record = {
  recordId: base64UrlField(16, 16),
  box: optionalField(base64UrlField(vault.box.min, vault.box.max)),
  boxHash: optionalField(base64UrlField(32, 32)),
};
const wrap = {
  recipient: base64UrlField(32, 32),
  encapsulated: base64UrlField(vault.encapsulated.min, vault.encapsulated.max),
  box: base64UrlField(vault.wrapBox.min, vault.wrapBox.max),
};
const headers = nestedField(
  [{ header: bytes(100), signature: bytes(64) }],
  [{}, { header: bytes(100) }, { header: bytes(100), signature: bytes(63) }, { header: 'no base64!', signature: '' }],
);
const records = nestedField(
  [
    { recordId: bytes(16), box: bytes(28) },
    { recordId: bytes(16), boxHash: bytes(32) },
  ],
  [
    {},
    { box: bytes(28) },
    { recordId: bytes(15), box: bytes(28) },
    { recordId: bytes(16), box: bytes(27) },
    { recordId: bytes(16), boxHash: bytes(31) },
  ],
);
const wraps = nestedField(
  [{ recipient: bytes(32), encapsulated: bytes(1120), box: bytes(48) }],
  [{}, { recipient: bytes(32), box: bytes(48) }, { recipient: bytes(31), encapsulated: bytes(1120), box: bytes(48) }],
);

describeDtoModule(contracts, {
  VaultHeaderDto: header,
  SentVaultRecordDto: record,
  VaultWrapDto: wrap,
  AppendToVaultDto: {
    length: wholeNumberField(0, vault.length.max),
    header: optionalField(headers),
    records: listField(records, 0, vault.records.max),
    wraps: listField(wraps, 0, vault.wraps.max),
    erased: listField(base64UrlField(16, 16), 0, vault.records.max),
  },
  AddVaultWrapsDto: { generation: wholeNumberField(1, vault.length.max), wraps: listField(wraps, 1, vault.wraps.max) },
  VaultEntriesQueryDto: { from: queryNumberField(0, vault.length.max) },
  VaultWrapsQueryDto: { generation: queryNumberField(1, vault.length.max) },
});
