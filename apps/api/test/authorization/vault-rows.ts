import { randomBytes } from 'node:crypto';
import { type RestRow, restRow } from './rest-row';
import type { Outcomes } from './world';

const ACCOUNTS: Outcomes = ['unauthorized', 'forbidden', 'ok', 'ok', 'ok', 'ok'];

/** Only a live device of the identity may write, and nobody in the table has one: see `vault.spec.ts`. */
const NO_DEVICES: Outcomes = [
  'unauthorized',
  'forbidden',
  'device_required',
  'device_required',
  'device_required',
  'device_required',
];

const bytes = (length: number): string => randomBytes(length).toString('base64url');
const wraps = [{ recipient: bytes(32), encapsulated: bytes(1120), box: bytes(48) }];
const identity = bytes(32);

/** The rows of the table about vaults: everybody with an account reads their own. */
export const VAULT_ROWS: readonly RestRow[] = [
  restRow('GET /vaults/:identity/entries', ACCOUNTS, () => ({ identity, query: { from: 0 } })),
  restRow('POST /vaults/:identity/entries', NO_DEVICES, () => ({
    identity,
    body: { length: 0, header: { header: bytes(300), signature: bytes(64) }, records: [], wraps, erased: [] },
  })),
  restRow('GET /vaults/:identity/wraps', ACCOUNTS, () => ({ identity, query: { generation: 1 } })),
  restRow('POST /vaults/:identity/wraps', NO_DEVICES, () => ({ identity, body: { generation: 1, wraps } })),
  restRow('DELETE /vaults/:identity', NO_DEVICES, () => ({ identity })),
];
