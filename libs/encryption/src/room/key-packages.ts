import { type Bytes, equalBytes } from '../bytes/bytes';
import { type LeafIdentity } from '../group/credential';
import { type Groups } from '../group/group';

const DAY = 86_400_000;

/** A key package is replaced after this long, also if nobody has used it. */
const LIFE_MS = 7 * DAY;

/** A replaced one still opens welcomes for this long: they may have been made before, and lie at the server. */
const KEPT_MS = 30 * DAY;

/** A key package of this device, with its private half. */
export interface KeyPackageRecord {
  readonly keyPackage: Bytes;
  readonly secret: Bytes;
  readonly made: number;
  readonly isSent: boolean;
  /** When another one took its place; null for the one that is at the server. */
  readonly replaced: number | null;
}

/** Where a device keeps its key packages, for all rooms and tabs. */
export interface KeyPackageStore {
  readKeyPackages(): Promise<{ readonly revision: number; readonly packages: readonly KeyPackageRecord[] }>;
  /** @returns whether it was written; false if the revision is not the one that was read */
  writeKeyPackages(revision: number, packages: readonly KeyPackageRecord[]): Promise<boolean>;
}

/** What the server does for the key packages of this device: it has one at a time, and hands it to who asks. */
export interface KeyPackageDelivery {
  sendKeyPackage(keyPackage: Bytes): Promise<void>;
}

/** What the key packages of a device need. */
export interface KeyPackageAccess {
  readonly groups: Pick<Groups, 'createKeyPackage'>;
  readonly store: KeyPackageStore;
  readonly delivery: KeyPackageDelivery;
  leafIdentity(): LeafIdentity;
  now(): number;
}

/** The key packages of one device, by which others add it to groups while it is away. */
export class KeyPackages {
  constructor(private readonly access: KeyPackageAccess) {}

  /** Sees to it that the server has a key package of this device, none of whose time is over; to be called daily. */
  async renew(): Promise<void> {
    await this.replaceIf(({ made }) => Math.abs(this.access.now() - made) >= LIFE_MS);
  }

  /** Replaces the key package whose welcome was used, so that the next one is for other keys. */
  async replaceUsed(secret: Bytes): Promise<void> {
    await this.replaceIf((current) => equalBytes(current.secret, secret));
  }

  /** @returns the private halves with which a welcome may open, the newest first */
  async readSecrets(): Promise<readonly Bytes[]> {
    const { packages } = await this.access.store.readKeyPackages();
    return packages.map(({ secret }) => secret).toReversed();
  }

  private async replaceIf(isDue: (current: KeyPackageRecord) => boolean): Promise<void> {
    const { store, groups } = this.access;
    for (;;) {
      const now = this.access.now();
      const { revision, packages } = await store.readKeyPackages();
      const kept = packages.filter(({ replaced }) => replaced === null || Math.abs(now - replaced) < KEPT_MS);
      const current = kept.at(-1);
      if (current?.replaced === null && !isDue(current)) {
        if (kept.length < packages.length && !(await store.writeKeyPackages(revision, kept))) continue;
        return this.sendUnsent();
      }
      const made = await groups.createKeyPackage(this.access.leafIdentity(), now);
      const before = kept.map((one) => ({ ...one, replaced: one.replaced ?? now }));
      const next = { ...made, made: now, isSent: false, replaced: null };
      if (await store.writeKeyPackages(revision, [...before, next])) return this.sendUnsent();
    }
  }

  /** The private half is stored before anybody can use the public one. */
  private async sendUnsent(): Promise<void> {
    const { store, delivery } = this.access;
    for (;;) {
      const { revision, packages } = await store.readKeyPackages();
      const current = packages.at(-1);
      if (!current || current.isSent) return;
      await delivery.sendKeyPackage(current.keyPackage);
      const before = packages.slice(0, -1);
      if (await store.writeKeyPackages(revision, [...before, { ...current, isSent: true }])) return;
    }
  }
}
