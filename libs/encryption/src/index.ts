export { base64UrlOf, bytesOfBase64Url, type Bytes } from './bytes/bytes';
export { createSigningKey, signingKeyOfSeed, storedSigningKey, type SigningKey } from './bytes/signing';
export {
  signChainItem,
  type ChainBody,
  type ChainItem,
  type ChainLinkTerms,
  type SignedChainItem,
} from './chain/chain-item';
export { policiesOf, type IsMember } from './chain/chain-policy';
export { extendChain, type ChainOutcome, type ChainRefusal } from './chain/chain-rules';
export { createGroupId } from './chain/group-id';
export { createLinkSeed, linkKeyOfSeed, signLinkAdmission } from './chain/invitation-link';
export {
  admissionOf,
  admittedIdentityOf,
  isBelowFloor,
  refuseFloor,
  type ChainFloor,
  type ChainLink,
  type ChainPerson,
  type FloorRefusal,
  type RoomChain,
} from './chain/room-chain';
export { type CommitNote } from './group/commit-note';
export { type Leaf, type LeafIdentity } from './group/credential';
export type {
  Group,
  GroupChange,
  GroupRefusal,
  Groups,
  JoinedGroup,
  NewKeyPackage,
  PendingCommit,
  PolicyForNote,
  ProcessedCommit,
  Refused,
} from './group/group';
export { MOST_LEAVES, staleLeaves, type Admission, type GroupPolicy, type PolicyRefusal } from './group/group-policy';
export { mlsGroupsOf } from './group/mls/mls-groups';
export { createDevice, type Device } from './identity/device';
export { certifyDevice, type CertifiedDevice } from './identity/device-certificate';
export {
  acceptDeviceList,
  findListedDevice,
  hasLiveDevice,
  signDeviceList,
  type DeviceList,
  type DeviceListOutcome,
  type DeviceListRefusal,
  type FindDeviceList,
  type ListedDevice,
  type SignedDeviceList,
} from './identity/device-list';
export { signDeviceSession } from './identity/device-session';
export { openWithKey, sealToKey, type ReceivingKey, type SealedToKey } from './identity/receiving';
export { safetyNumberOf, type IdentityOfUser } from './identity/safety-number';
export { answerKeyRequest, type KeyGiver, type KeyRequestRefusal } from './keys/giving-keys';
export { type GivenKeys, type SignedKeyAnswer } from './keys/key-answer';
export { type KeyRequest, MOST_KEYS_ASKED, type SignedKeyRequest, signKeyRequest } from './keys/key-request';
export { type KeyDelivery, MOST_KEY_ANSWERS, MOST_KEY_ANSWERS_OF_USER, type OpenKeyRequest } from './keys/ports';
export { type KeyAnswerRefusal, type KeyTaker, openKeyAnswer } from './keys/taking-keys';
export {
  type ApprovalRefusal,
  type ApprovedPairing,
  approvePairing,
  type ConfirmedPairing,
  type PairingApprover,
  type PairingRefusal,
  type ReceivedPairing,
  receivePairingRequest,
  type TriedCode,
  tryPairingCode,
} from './pairing/approving-device';
export {
  openPairingApproval,
  type PairedDevice,
  type PairingApproval,
  type PairingApprovalRefusal,
} from './pairing/pairing-approval';
export {
  qrTextOfPairingCode,
  readScannedPairingCode,
  readTypedPairingCode,
  type TypedPairingCode,
  wordsOfPairingCode,
} from './pairing/pairing-code';
export {
  type PairingRequest,
  requestPairing,
  type SentPairingRequest,
  type WaitingPairing,
} from './pairing/pairing-request';
export { decodeKnownPerson, encodeKnownPerson, type KnownPerson, type SeenIdentity } from './people/known-person';
export { adviseAdmission, type AdmissionAdvice, earliestNewStart, type OtherDevice } from './people/new-identity';
export { compareSafetyCode, safetyCodeOf, type SafetyCodeOutcome } from './people/safety-code';
export {
  acceptName,
  type KnownPeople,
  type PersonChange,
  type SeenPerson,
  seePerson,
  type Sighting,
  type SightingRules,
} from './people/seeing-people';
export { acceptIdentity, mayWriteTo, presentIdentityOf, verifyIdentity } from './people/trusting-people';
export {
  KeyPackages,
  type KeyPackageAccess,
  type KeyPackageDelivery,
  type KeyPackageRecord,
  type KeyPackageStore,
} from './room/key-packages';
export type {
  DeviceName,
  EpochRecord,
  EpochSplit,
  PendingRecord,
  RoomDelivery,
  RoomPeople,
  RoomRecord,
  RoomStatus,
  RoomStore,
  SentCommit,
  SentWelcome,
} from './room/ports';
export { RoomDevice, type MemberView, type RoomView } from './room/room-device';
export { BrokenGroupRefusal, RoomRefusal, type RoomAccess, type RoomRefusalReason } from './room/room-history';
export { RoomRecovery } from './room/room-recovery';
export { UseLimits, type LimitedUse, type UseRecord, type UseStore } from './room/use-limits';
export { createEpochKey, type EpochDevice, type EpochKey } from './seal/epoch-key';
export { MOST_NOTIFIED, type MessagePlace, type SealedKind } from './seal/message-frame';
export {
  findOutOfOrder,
  judgeEdit,
  mayBePlain,
  type EditOutcome,
  type IncomingEdit,
  type KnownMessages,
  type MessageVersion,
  type OutOfOrder,
} from './seal/message-order';
export {
  MOST_PREDECESSORS,
  openMessage,
  sealMessage,
  type FindEpochKey,
  type MessageText,
  type OpenedMessage,
  type ReadContent,
  type SealedBox,
  type SealedContent,
  type Unreadable,
  type UnreadableReason,
} from './seal/sealed-message';
export { areAskedWords, createPhrase, type AskedWord } from './vault/phrase';
export type {
  KeptRecord,
  VaultAppend,
  VaultDelivery,
  VaultEntry,
  VaultFloor,
  VaultState,
  VaultStore,
  VaultWrap,
  WaitingRecord,
} from './vault/ports';
export { Vault, type VaultAccess, type VaultView } from './vault/vault';
export {
  applyVaultRecord,
  EMPTY_CONTENTS,
  phraseNoteOf,
  waysIn,
  type PhraseNote,
  type VaultContents,
  type WayIn,
} from './vault/vault-contents';
export { type RecoveryKey } from './vault/vault-header';
export { erasedBy, type VaultRecord } from './vault/vault-record';
export { VaultRefusal, type VaultRefusalReason } from './vault/vault-refusal';
export { type VaultRoster } from './vault/vault-roster';
