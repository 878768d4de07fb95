import { AppError } from '../http/app-error';

/**
 * How values of one kind are stored. During an update, replicas of two releases share the store, so that changing the
 * shape of a value takes two releases: the first reads the new version too, and the next one writes it.
 */
export interface LiveFormat<T extends object> {
  /** The version in which values are stored, and their events sent: one that the release before reads, too. */
  readonly writesVersion: number;
  /** The newest version that this release reads. */
  readonly readsUpTo: number;

  /** @returns the value as it is stored in `writesVersion` */
  encode(value: T): object;

  /**
   * Only a look at the outline, since every command reads a value.
   * @param stored what is said to be of `version`, which is at most `readsUpTo`
   * @returns the value; undefined if it does not look like one
   */
  decode(stored: object, version: number): T | undefined;
}

/** Values from before there were versions have none: they are of version 1. */
interface VersionedValue {
  formatVersion?: number;
}

/** A value that this release does not understand, since a newer one has written it. It is left alone. */
export class UnreadableLiveValue extends AppError {
  constructor(
    readonly key: string,
    readonly version: number,
  ) {
    super('unavailable');
  }
}

export function encodeLiveValue<T extends object>(format: LiveFormat<T>, value: T): string {
  const version: VersionedValue = { formatVersion: format.writesVersion };
  return JSON.stringify({ ...version, ...format.encode(value) });
}

export function decodeLiveValue<T extends object>(
  format: LiveFormat<T>,
  key: string,
  json: string,
): T | UnreadableLiveValue {
  const { formatVersion = 1, ...stored } = JSON.parse(json) as VersionedValue;
  const value = formatVersion <= format.readsUpTo ? format.decode(stored, formatVersion) : undefined;
  return value ?? new UnreadableLiveValue(key, formatVersion);
}
