import { Component, computed, inject, input } from '@angular/core';
import type { LinkQuality } from '@webcall/rtc';
import { I18n } from '../../../core/text/i18n';

/** A list of the figures measured on the link to one participant. */
@Component({
  selector: 'wc-figures',
  template: `
    @if (rows().length) {
      <dl>
        @for (row of rows(); track row[0]) {
          <dt>{{ row[0] }}</dt>
          <dd class="tabular">{{ row[1] }}</dd>
        }
      </dl>
    } @else {
      <p class="muted">{{ t().call.nothingMeasured }}</p>
    }
  `,
  styles: `
    dl {
      display: grid;
      grid-template-columns: 1fr auto;
      gap: 2px var(--space-16);
      font-size: var(--text-13);
    }
    dt {
      color: var(--muted);
    }
    dd {
      text-align: right;
    }
  `,
})
export class Figures {
  protected readonly t = inject(I18n).t;
  readonly quality = input.required<LinkQuality | null>();

  protected readonly rows = computed<[string, string][]>(() => {
    const figures = this.quality()?.figures;
    if (!figures) return [];
    const { figure: names, units, route, limit } = this.t().call;
    const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
    const ms = (value: number): string => `${Math.round(value)} ${units.ms}`;
    const rate = (bits: number): string => `${Math.round(bits / 1000)} ${units.kbps}`;
    const { mos, rtt, loss, jitter, concealed, fps, frozen, resolution, bitrateIn, bitrateOut, limitedBy } = figures;
    const rows: [string, string | null][] = [
      [names.mos, mos === null ? null : `${mos.toFixed(1)} ${units.of}`],
      [names.rtt, rtt === null ? null : ms(rtt)],
      [names.loss, loss === null ? null : percent(loss)],
      [names.jitter, jitter === null ? null : ms(jitter)],
      [names.concealed, concealed === null ? null : percent(concealed)],
      [names.fps, fps === null ? null : String(Math.round(fps))],
      [names.frozen, frozen ? ms(frozen) : null],
      [names.resolution, resolution && `${resolution.width} × ${resolution.height}`],
      [names.bitrateIn, bitrateIn === null ? null : rate(bitrateIn)],
      [names.bitrateOut, bitrateOut === null ? null : rate(bitrateOut)],
      [names.route, figures.route && route[figures.route]],
      [names.limitedBy, limitedBy && limit[limitedBy]],
    ];
    return rows.filter((row): row is [string, string] => row[1] !== null);
  });
}
