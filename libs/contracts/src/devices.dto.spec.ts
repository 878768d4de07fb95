import * as contracts from './devices.dto';
import { describeDtoModule } from './testing/dto-tables';
import { base64UrlField, patternField, SAMPLE_UUID, uuidField } from './testing/field-expectations';

const list = base64UrlField(1, 64 * 1024);
const signature = base64UrlField(64, 64);
const key = base64UrlField(32, 32);
const sealed = base64UrlField(1, 4096);
const listOf = (count: number) => Array.from({ length: count }, () => SAMPLE_UUID).join(',');

describeDtoModule(contracts, {
  SignedDeviceListDto: { list, signature },
  DeviceListsQueryDto: {
    userIds: patternField(
      [SAMPLE_UUID, listOf(2), listOf(100), SAMPLE_UUID.toUpperCase()],
      [listOf(101), `${SAMPLE_UUID},`, `,${SAMPLE_UUID}`, `${SAMPLE_UUID}, ${SAMPLE_UUID}`, `${SAMPLE_UUID}\n`, 'me'],
    ),
  },
  DeviceSessionDto: { signature },
  KeyPackageDto: { keyPackage: base64UrlField(1, 16 * 1024) },
  AskPairingDto: { id: uuidField, request: sealed, mac: key },
  PairingApprovalDto: { list, signature, encapsulated: sealed, box: sealed },
  NewIdentityDto: { identity: key },
});
