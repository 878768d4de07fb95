/** The source of media to be opened. */
export type MediaSource = 'microphone' | 'camera' | 'screen';

/**
 * Why a source could not be opened: `denied` by the person or the browser (for a screen also: the picker was
 * cancelled), `missing` no such device, `busy` another program holds it, `unsupported` by this browser or on an
 * insecure page, `failed` otherwise.
 */
export type MediaErrorReason = 'denied' | 'missing' | 'busy' | 'unsupported' | 'failed';

/** A microphone, camera or screen could not be opened. `cause` is the browser's error. */
export class MediaError extends Error {
  override readonly name = 'MediaError';

  constructor(
    readonly source: MediaSource,
    readonly reason: MediaErrorReason,
    cause?: unknown,
  ) {
    super(`The ${source} could not be opened: ${reason}`, { cause });
  }
}

const REASON_BY_ERROR_NAME: Readonly<Record<string, MediaErrorReason>> = {
  NotAllowedError: 'denied',
  PermissionDeniedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  DevicesNotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  TrackStartError: 'busy',
  AbortError: 'busy',
  NotSupportedError: 'unsupported',
  TypeError: 'unsupported',
};

/** Turns an error of `getUserMedia` or `getDisplayMedia` into one with a reason that can be shown. */
export function toMediaError(source: MediaSource, error: unknown): MediaError {
  if (error instanceof MediaError) return error;
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  return new MediaError(source, REASON_BY_ERROR_NAME[name] ?? 'failed', error);
}
