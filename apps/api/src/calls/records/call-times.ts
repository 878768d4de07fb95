/** When to look again for a ring whose end could not be written, in ms. */
export const RING_RETRY = 5000;

/** How long the one who notes what became of a call has for writing it, and after which time it is tried again, in ms. */
export const NOTE_PATIENCE = 5000;
