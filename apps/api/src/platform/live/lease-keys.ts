/**
 * How the group or the member of a lease is written in the live store. Replicas of the version before and of the one
 * after read it too: the text of a value never changes.
 */
export interface LeaseKeyCodec<T> {
  encode(value: T): string;
  /** @returns undefined if this is the text of no value */
  decode(text: string): T | undefined;
}

/** A kind of lease: its name in the store, and how its keys are written there. */
export interface LeaseKind<G, M> {
  readonly name: string;
  readonly group: LeaseKeyCodec<G>;
  readonly member: LeaseKeyCodec<M>;
}

/** One id, as it is. */
export const idKey: LeaseKeyCodec<string> = {
  encode: requireId,
  decode: (text) => (isId(text) ? text : undefined),
};

/** Several ids in a fixed order, with a space between them. */
export function idsKey<N extends string>(...names: readonly N[]): LeaseKeyCodec<Readonly<Record<N, string>>> {
  return {
    encode: (ids) => names.map((name) => requireId(ids[name])).join(' '),
    decode: (text) => {
      const ids = text.split(' ');
      if (ids.length !== names.length || !ids.every(isId)) return undefined;
      return Object.fromEntries(names.map((name, i) => [name, ids[i]])) as Record<N, string>;
    },
  };
}

/** A value as JSON. */
export function jsonKey<T>(isValue: (value: unknown) => value is T): LeaseKeyCodec<T> {
  return {
    encode: (value) => JSON.stringify(value),
    decode: (text) => {
      const value = parseJson(text);
      return isValue(value) ? value : undefined;
    },
  };
}

function isId(text: string): boolean {
  return /^\S+$/.test(text);
}

function requireId(id: string): string {
  if (!isId(id)) throw new Error('an id in the key of a lease is empty or has a space');
  return id;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // As with any other text that has no value.
    return undefined;
  }
}
