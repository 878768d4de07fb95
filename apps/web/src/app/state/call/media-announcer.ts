import { inject, Injectable } from '@angular/core';
import type { MediaState } from '@webcall/domain';
import { isApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RetryBackoff } from '../../core/net/retry-backoff';

/** A lost seat is kept for seconds only, so these pauses do not grow. */
export const SEAT_RETRY_PAUSES = { first: 1000, longest: 1000 };

export const ALL_MEDIA_OFF: MediaState = { microphone: false, camera: false, screen: false, screenSound: false };

/** Announces the media of the own seat: others play only what is announced, so it is repeated until it is accepted. */
@Injectable({ providedIn: 'root' })
export class MediaAnnouncer {
  private readonly realtime = inject(RealtimeClient);
  private readonly retry = new RetryBackoff(() => void this.sendAnnouncement(), SEAT_RETRY_PAUSES);
  private announced = ALL_MEDIA_OFF;

  /** To be called when a command takes, resumes or gives up a seat: the server knows these media of it then. */
  recordAnnouncedMedia(media: MediaState): void {
    // An announcement that is on its way is no longer this one, also with the same media.
    this.announced = { ...media };
    this.retry.resetBackoff();
  }

  announceMedia(media: MediaState): void {
    if (JSON.stringify(media) === JSON.stringify(this.announced)) return;
    this.recordAnnouncedMedia(media);
    void this.sendAnnouncement();
  }

  private async sendAnnouncement(): Promise<void> {
    const media = this.announced;
    try {
      await this.realtime.sendCommand('call:update', { media }, { volatile: true });
    } catch (error) {
      if (!isApiError(error)) throw error;
      // The resume that follows a lost connection announces it too.
      if (error.code !== 'offline' && this.announced === media) this.retry.scheduleRetry();
    }
  }
}
