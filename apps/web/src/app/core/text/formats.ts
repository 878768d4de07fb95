import { Injectable, computed, inject } from '@angular/core';
import { I18n } from './i18n';

const DAY = 24 * 3600 * 1000;

/** Times, dates and numbers the way the reader's language writes them. */
@Injectable({ providedIn: 'root' })
export class Formats {
  private readonly i18n = inject(I18n);
  private readonly locale = computed(() => (this.i18n.language() === 'ru' ? 'ru' : regionalEnglish()));
  private readonly clock = this.format({ hour: 'numeric', minute: '2-digit' });
  private readonly weekday = this.format({ weekday: 'short' });
  private readonly shortDate = this.format({ day: 'numeric', month: 'short' });
  private readonly fullDate = this.format({ day: 'numeric', month: 'long', year: 'numeric' });
  private readonly dayMonth = this.format({ weekday: 'long', day: 'numeric', month: 'long' });
  private readonly moment = this.format({ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });

  /** "18:05" */
  time(iso: string): string {
    return this.clock().format(new Date(iso));
  }

  /** "18:05" today, "Mon" within the week, "3 Nov" before: for narrow places. */
  short(iso: string): string {
    const date = new Date(iso);
    const days = daysAgo(date);
    if (days <= 0) return this.clock().format(date);
    return (days < 7 ? this.weekday() : this.shortDate()).format(date);
  }

  /** "Today", "Yesterday", "Monday, 3 November", "3 November 2025": for the line between days. */
  day(iso: string): string {
    const date = new Date(iso);
    const days = daysAgo(date);
    if (days === 0) return this.i18n.t().common.today;
    if (days === 1) return this.i18n.t().common.yesterday;
    const format = date.getFullYear() === new Date().getFullYear() ? this.dayMonth() : this.fullDate();
    return capital(format.format(date));
  }

  /** "3 November 2025" */
  date(iso: string): string {
    return this.fullDate().format(new Date(iso));
  }

  /** "3 Nov, 18:05" */
  dateTime(iso: string): string {
    return this.moment().format(new Date(iso));
  }

  /** "4:07", "1:02:33" */
  duration(ms: number): string {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const shown = parts[0] ? parts : parts.slice(1);
    return shown.map((part, index) => (index ? String(part).padStart(2, '0') : String(part))).join(':');
  }

  private format(options: Intl.DateTimeFormatOptions): () => Intl.DateTimeFormat {
    return computed(() => new Intl.DateTimeFormat(this.locale(), options));
  }
}

/** Whole days by the reader's calendar: what was before midnight is yesterday. */
function daysAgo(date: Date): number {
  const midnight = (of: Date): number => new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime();
  return Math.round((midnight(new Date()) - midnight(date)) / DAY);
}

/** The reader's own English: 24 hours and day before month for some, not for others. */
function regionalEnglish(): string {
  return navigator.languages.find((tag) => tag.startsWith('en-')) ?? 'en-GB';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
