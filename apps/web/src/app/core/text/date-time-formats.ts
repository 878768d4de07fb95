import { computed, inject, Injectable } from '@angular/core';
import { startOfDay, WallClock } from '../browser/wall-clock';
import { I18n } from './i18n';

const DAY_MS = 24 * 3600 * 1000;

/** Times, dates and numbers the way the reader's language writes them; “today” ends at midnight, also on the screen. */
@Injectable({ providedIn: 'root' })
export class DateTimeFormats {
  private readonly i18n = inject(I18n);
  private readonly today = inject(WallClock).today;
  private readonly locale = computed(() => (this.i18n.language() === 'ru' ? 'ru' : regionalEnglishLocale()));
  private readonly clock = this.createDateFormat({ hour: 'numeric', minute: '2-digit' });
  private readonly weekday = this.createDateFormat({ weekday: 'short' });
  private readonly shortDate = this.createDateFormat({ day: 'numeric', month: 'short' });
  private readonly fullDate = this.createDateFormat({ day: 'numeric', month: 'long', year: 'numeric' });
  private readonly dayMonth = this.createDateFormat({ weekday: 'long', day: 'numeric', month: 'long' });
  private readonly moment = this.createDateFormat({
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  });

  /** "18:05" */
  formatTimeOfDay(iso: string): string {
    return this.clock(new Date(iso));
  }

  /** "18:05" today, "Mon" within the week, "3 Nov" before: for narrow places. */
  formatCompactTime(iso: string): string {
    const date = new Date(iso);
    const days = this.calendarDaysAgo(date);
    if (days <= 0) return this.clock(date);
    return days < 7 ? this.weekday(date) : this.shortDate(date);
  }

  /** "Today", "Yesterday", "Monday, 3 November", "3 November 2025": for the line between days. */
  formatDayHeading(time: string | Date): string {
    const date = new Date(time);
    const days = this.calendarDaysAgo(date);
    if (days === 0) return this.i18n.t().common.today;
    if (days === 1) return this.i18n.t().common.yesterday;
    const isThisYear = date.getFullYear() === this.today().getFullYear();
    return capitalizeFirst(isThisYear ? this.dayMonth(date) : this.fullDate(date));
  }

  /** "3 November 2025" */
  formatFullDate(iso: string): string {
    return this.fullDate(new Date(iso));
  }

  /** "3 Nov, 18:05" */
  formatDateTime(iso: string): string {
    return this.moment(new Date(iso));
  }

  /** "4:07", "1:02:33" */
  formatDuration(ms: number): string {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const visibleParts = parts[0] ? parts : parts.slice(1);
    return visibleParts.map((part, index) => (index ? String(part).padStart(2, '0') : String(part))).join(':');
  }

  /** Whole days by the reader's calendar: any time before midnight counts as yesterday. */
  private calendarDaysAgo(date: Date): number {
    return Math.round((this.today().getTime() - startOfDay(date).getTime()) / DAY_MS);
  }

  /** A time that is none stays empty: an error would take down the whole list that shows it. */
  private createDateFormat(options: Intl.DateTimeFormatOptions): (date: Date) => string {
    const format = computed(() => new Intl.DateTimeFormat(this.locale(), options));
    return (date) => (Number.isNaN(date.getTime()) ? '' : format().format(date));
  }
}

/** The English of the reader's region: it decides on the 24-hour clock and on the order of day and month. */
function regionalEnglishLocale(): string {
  return navigator.languages.find(isRegionalEnglish) ?? 'en-GB';
}

/** Some systems give tags that `Intl` throws on, such as `en-US@posix`, `en-` or `C`. */
function isRegionalEnglish(tag: string): boolean {
  try {
    const { language, region } = new Intl.Locale(tag);
    return language === 'en' && region !== undefined;
  } catch (error) {
    console.debug('a language tag cannot be used', tag, error);
    return false;
  }
}

function capitalizeFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
