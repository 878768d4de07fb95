import { Component, effect, input, signal } from '@angular/core';
import { Scope } from '@webcall/base';
import { meterTrackLevel } from '@webcall/rtc';

const METER_BARS = 12;

/** A live meter of a microphone's loudness. */
@Component({
  selector: 'wc-level-meter',
  template: `
    @for (bar of bars; track bar) {
      <i [class.lit]="bar < lit()" [class.high]="bar >= 10"></i>
    }
  `,
  host: {
    role: 'meter',
    'aria-valuemin': '0',
    'aria-valuemax': '100',
    '[attr.aria-valuenow]': 'percent()',
    '[attr.aria-label]': 'label()',
  },
  styles: `
    :host {
      display: flex;
      gap: 3px;
      height: 8px;
    }
    i {
      flex: 1;
      border-radius: 2px;
      background: var(--line);
      transition: background-color 60ms linear;
    }
    .lit {
      background: var(--good);
    }
    .lit.high {
      background: var(--warn);
    }
  `,
})
export class LevelMeter {
  readonly track = input<MediaStreamTrack | null>(null);
  readonly label = input.required<string>();
  protected readonly bars = Array.from({ length: METER_BARS }, (_, i) => i);
  protected readonly lit = signal(0);
  protected readonly percent = signal(0);

  constructor() {
    effect((onCleanup) => {
      const track = this.track();
      if (!track) return;
      const scope = new Scope();
      meterTrackLevel(track, scope, (level) => {
        this.lit.set(Math.round(level * METER_BARS));
        this.percent.set(Math.round(level * 10) * 10);
      });
      onCleanup(() => {
        scope.closeScope();
        this.lit.set(0);
        this.percent.set(0);
      });
    });
  }
}
