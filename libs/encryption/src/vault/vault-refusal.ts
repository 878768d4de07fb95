/**
 * Why a device does not take the vault that the server gives, or cannot go on with it.
 * - `no_vault`: there is nothing to open.
 * - `other_user`, `other_identity`: it is somebody else’s, or of an identity that this user does not have.
 * - `forged`: somebody without the keys wrote or changed it, or it does not stand where it was written.
 * - `forked`: it is another log than the one that was seen before. `cut_short`: it lacks what was seen before.
 * - `other_generation`: a header that does not follow the one before it, or a record under a key that was replaced.
 * - `record_missing`: a box is gone that nobody has erased.
 * - `newer_record`: a device with a newer version of this library wrote it. Nothing is lost: an update reads it.
 * - `no_wrap`: the vault key is not sealed to this device; it was taken away, or has to be let in by another one.
 * - `wrong_key`: what was sealed to this device is no key of this vault.
 * - `no_phrase`: the vault has none. `wrong_phrase`: it has another one, or this is none.
 * - `list_behind`: the vault knows of more ended devices than this list. `ended_device`: this device is one of them.
 * - `undecided`: the server takes nothing, and shows nothing that was first.
 */
export type VaultRefusalReason =
  | 'malformed'
  | 'no_vault'
  | 'other_user'
  | 'other_identity'
  | 'forged'
  | 'forked'
  | 'cut_short'
  | 'other_generation'
  | 'record_missing'
  | 'newer_record'
  | 'no_wrap'
  | 'wrong_key'
  | 'no_phrase'
  | 'wrong_phrase'
  | 'list_behind'
  | 'ended_device'
  | 'undecided';

/** What the server gave is refused, or not enough to go on with. What was stored before stays as it was. */
export class VaultRefusal extends Error {
  constructor(readonly reason: VaultRefusalReason) {
    super(`The vault cannot go on here: ${reason}.`);
  }
}
