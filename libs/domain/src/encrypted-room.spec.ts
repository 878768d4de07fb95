import { type GroupEpoch, refuseSealing, type RoomSealing, type SealingRefusal } from './encrypted-room';

const plain: RoomSealing = { encryptedFrom: null, generation: 0, epoch: 0, isRekeyDue: false };
const encrypted: RoomSealing = { encryptedFrom: 7, generation: 1, epoch: 5, isRekeyDue: false };
const rekeying = { ...encrypted, isRekeyDue: true };
const now = { generation: 1, epoch: 5 };

it.each<[string, RoomSealing, GroupEpoch | null, SealingRefusal | null]>([
  ['a plain message in a plain room', plain, null, null],
  ['a plain message in an encrypted room', encrypted, null, 'room_encrypted'],
  ['a plain message while a rekey is due', rekeying, null, 'room_encrypted'],
  ['a sealed message in a plain room', plain, { generation: 0, epoch: 0 }, 'room_not_encrypted'],
  ['a sealed message of the epoch', encrypted, now, null],
  ['one of an epoch before', encrypted, { ...now, epoch: 4 }, 'epoch_past'],
  ['one of an epoch that never was', encrypted, { ...now, epoch: 6 }, 'epoch_past'],
  ['one of a group before', encrypted, { ...now, generation: 0 }, 'epoch_past'],
  ['one of the epoch while a rekey is due', rekeying, now, 'room_rekeying'],
  ['one of an epoch before while a rekey is due', rekeying, { ...now, epoch: 4 }, 'epoch_past'],
])('%s: %#', (_, room, sealedIn, refused) => expect(refuseSealing(room, sealedIn)).toBe(refused));
