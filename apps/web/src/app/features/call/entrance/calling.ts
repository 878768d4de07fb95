import { Component, computed, inject, input } from '@angular/core';
import { I18n } from '../../../core/text/i18n';
import { LocalMedia } from '../../../state/media/local-media';
import type { OutgoingRing } from '../../../state/rings/rings';
import { Avatar } from '../../../ui/display/avatar';
import { MediaTrack } from '../../../ui/display/media-track';
import { describeRingPhase } from '../notices/describe-ring-phase';

/** Covers the stage while a person is being called: shows the person and the state of the ring. */
@Component({
  selector: 'wc-calling',
  imports: [Avatar, MediaTrack],
  template: `
    <span class="face" [class.rings]="ringing()">
      <wc-avatar [id]="userId()" [name]="name()" [size]="128" />
    </span>
    <div>
      <h2>
        <bdi>{{ name() }}</bdi>
      </h2>
      <p role="status">{{ words() }}</p>
      @if (outgoing()?.phase === 'unreached') {
        <p class="hint">{{ t().rings.unreachedHint }}</p>
      }
    </div>
    @if (local.camera(); as track) {
      <video muted autoplay playsinline [wcTrack]="track" [attr.aria-label]="t().call.you"></video>
    }
  `,
  styles: `
    :host {
      position: absolute;
      z-index: 1;
      inset: 0;
      display: grid;
      align-content: center;
      justify-items: center;
      gap: var(--space-24);
      padding: var(--space-16) var(--space-16) 88px;
      border-radius: var(--radius-tile);
      background: var(--surface);
      text-align: center;
    }
    .face {
      position: relative;
      display: grid;
    }
    .rings::before,
    .rings::after {
      position: absolute;
      inset: 0;
      border-radius: 50%;
      box-shadow: 0 0 0 2px var(--muted);
      animation: spread 2400ms ease-out infinite;
      content: '';
    }
    .rings::after {
      animation-delay: 1200ms;
    }
    @keyframes spread {
      from {
        opacity: 0.7;
      }
      to {
        opacity: 0;
        transform: scale(1.5);
      }
    }
    p {
      color: var(--muted);
    }
    .hint {
      font-size: var(--text-13);
    }
    video {
      position: absolute;
      top: var(--space-16);
      right: var(--space-16);
      width: min(200px, 34%);
      aspect-ratio: 4 / 3;
      border-radius: var(--radius-card);
      object-fit: cover;
      transform: scaleX(-1);
    }
    @container (max-height: 420px) {
      :host {
        gap: var(--space-8);
      }
      wc-avatar {
        zoom: 0.5;
      }
    }
  `,
})
export class Calling {
  protected readonly local = inject(LocalMedia);
  protected readonly t = inject(I18n).t;
  readonly userId = input.required<string>();
  readonly name = input.required<string>();
  /** Null before the ring has started. */
  readonly outgoing = input.required<OutgoingRing | null>();
  protected readonly ringing = computed(() => this.outgoing()?.phase === 'ringing');
  protected readonly words = computed(() => describeRingPhase(this.outgoing(), this.t()));
}
