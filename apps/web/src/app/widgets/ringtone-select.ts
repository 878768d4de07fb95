import { Component, computed, DestroyRef, inject, input, model, signal } from '@angular/core';
import { type Ringtone, RINGTONES } from '@webcall/contracts';
import { I18n } from '../core/text/i18n';
import { TonePlayer } from '../state/media/tone-player';
import { Icon } from '../ui/display/icon';

let ringtoneSelectCount = 0;

/** A choice of ringtones, each with a preview button. */
@Component({
  selector: 'wc-ringtone-select',
  imports: [Icon],
  template: `
    <fieldset>
      <legend [class.visually-hidden]="hideLabel()">{{ t().reach.ringtone }}</legend>
      @if (usual()) {
        <label>
          <input type="radio" [name]="group" [checked]="value() === null" (change)="selectRingtone(null)" />
          <span>{{ t().reach.usual }}</span>
        </label>
      }
      @for (tone of tones(); track tone.id) {
        <div class="row">
          <label>
            <input type="radio" [name]="group" [checked]="value() === tone.id" (change)="selectRingtone(tone.id)" />
            <span>{{ tone.name }}</span>
          </label>
          <button
            type="button"
            [attr.aria-label]="t().reach.playNamed(tone.name)"
            [attr.aria-pressed]="listening() === tone.id"
            (click)="toggleRingtonePreview(tone.id)"
          >
            <wc-icon [name]="listening() === tone.id ? 'stop' : 'play'" />
          </button>
        </div>
      }
    </fieldset>
  `,
  styles: `
    legend {
      margin-bottom: var(--space-4);
      padding: 0;
      font-size: var(--text-13);
      font-weight: 500;
    }
    .row {
      display: flex;
      align-items: center;
    }
    label {
      display: flex;
      flex: 1;
      align-items: center;
      gap: var(--space-12);
      min-height: var(--touch);
      cursor: pointer;
    }
    input {
      width: 18px;
      height: 18px;
      margin: 0;
      accent-color: var(--accent);
    }
    button {
      display: grid;
      place-items: center;
      width: var(--touch);
      height: var(--touch);
      border-radius: 50%;
      color: var(--muted);
    }
    button:hover {
      background: var(--hover);
      color: var(--text);
    }
    button[aria-pressed='true'] {
      color: var(--accent);
    }
  `,
})
export class RingtoneSelect {
  protected readonly t = inject(I18n).t;
  private readonly player = inject(TonePlayer);
  protected readonly group = `ringtone-${++ringtoneSelectCount}`;
  /** Null for the default ringtone. */
  readonly value = model.required<Ringtone | null>();
  /** Whether the default ringtone can be chosen. */
  readonly usual = input(false);
  readonly hideLabel = input(false);
  private readonly chosen = signal<Ringtone | null>(null);
  /** The preview that was started here and still plays; the same tone may also ring for a call. */
  protected readonly listening = computed(() => (this.player.playing() === this.chosen() ? this.chosen() : null));
  protected readonly tones = computed(() => RINGTONES.map((id) => ({ id, name: this.t().reach.ringtones[id] })));

  constructor() {
    inject(DestroyRef).onDestroy(() => this.listening() && this.player.stopCurrentTone());
  }

  protected selectRingtone(tone: Ringtone | null): void {
    this.value.set(tone);
  }

  protected toggleRingtonePreview(tone: Ringtone): void {
    if (this.listening() === tone) return this.player.stopCurrentTone();
    this.chosen.set(tone);
    void this.player.playTone(tone, false);
  }
}
