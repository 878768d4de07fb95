/** When to try again to end an expired ring if that failed, in ms. */
export const RING_RETRY_MS = 5000;

/** How long a replica has for writing a note about a call before any replica tries it again, in ms. */
export const RECORD_TIMEOUT_MS = 5000;
