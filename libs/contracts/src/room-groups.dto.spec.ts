import { PROTOCOL_LIMITS } from './limits';
import * as contracts from './room-groups.dto';
import { describeDtoModule } from './testing/dto-tables';
import {
  base64UrlField,
  listField,
  nestedField,
  optionalField,
  queryNumberField,
  SAMPLE_UUID,
  uuidField,
  wholeNumberField,
} from './testing/field-expectations';

const { id, chainItem, commit, welcome, groupInfo, keyRequest, keyAnswer } = PROTOCOL_LIMITS.groups;
const MOST = 2 ** 31 - 1;

const groupId = base64UrlField(id.min, id.max);
const item = { item: base64UrlField(chainItem.min, chainItem.max), signature: base64UrlField(64, 64) };
const epoch = wholeNumberField(0, MOST);
const device = { userId: SAMPLE_UUID, deviceId: SAMPLE_UUID };
const devices = listField(nestedField([device], [{}, { ...device, userId: 'me' }, { userId: SAMPLE_UUID }]), 1, 200);

describeDtoModule(contracts, {
  DeviceRefDto: { userId: uuidField, deviceId: uuidField },
  ChainItemDto: item,
  EncryptRoomDto: { ...item, groupId },
  AppendChainItemDto: { ...item, index: wholeNumberField(1, MOST), groupId: optionalField(groupId) },
  FromNumberQueryDto: { from: queryNumberField(0, MOST) },
  SentWelcomeDto: { welcome: base64UrlField(welcome.min, welcome.max), devices },
  SendCommitDto: {
    epoch,
    commit: base64UrlField(commit.min, commit.max),
    groupInfo: base64UrlField(groupInfo.min, groupInfo.max),
    welcome: optionalField(
      nestedField(
        [{ welcome: 'AAAA', devices: [device] }],
        [{}, { welcome: 'AAAA' }, { welcome: '?', devices: [device] }],
      ),
    ),
    rekeyedFor: optionalField(epoch),
  },
  ClaimCommitDto: { epoch },
  KeyRequestDto: { request: base64UrlField(keyRequest.min, keyRequest.max), signature: base64UrlField(64, 64) },
  OpenKeyRequestDto: { request: base64UrlField(keyRequest.min, keyRequest.max), signature: base64UrlField(64, 64) },
  KeyAnswerDto: { answer: base64UrlField(keyAnswer.min, keyAnswer.max), signature: base64UrlField(64, 64) },
  MemberVersionsQueryDto: { after: queryNumberField(0, MOST) },
});
