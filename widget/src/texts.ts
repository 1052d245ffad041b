/** The widget's own texts, in eleven languages, and dates and times by the browser's own rules. */

import { type Key, tables } from "./generated";

const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ku-arab|ps|sd|ug|ur|yi)\b/i;
const KIN: Record<string, string> = { no: "nb", nn: "nb" };

export const languages = Object.keys(tables);

export class Texts {
  /** The language that the texts are in: the nearest to `locale` that there is. */
  readonly language: string;
  private readonly table: string[];

  constructor(readonly locale: string) {
    const wanted = locale.toLowerCase().split(/[-_]/)[0]!;
    const language = KIN[wanted] ?? wanted;
    this.language = language in tables ? language : "en";
    this.table = tables[this.language]!.split("|");
  }

  /** The text of `key`, its {placeholders} filled. */
  readonly say = (key: Key, values: Record<string, string | number> = {}): string =>
    this.table[key]!.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));

  get rightToLeft(): boolean {
    return RIGHT_TO_LEFT.test(this.locale);
  }

  time(at: Date): string {
    return this.format(at, { hour: "2-digit", minute: "2-digit" });
  }

  /** The day as people call it: today and yesterday by name. */
  day(at: Date): string {
    const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
    const ago = Math.round((midnight(new Date()) - midnight(at)) / 864e5);
    if (ago > 1) return this.format(at, { weekday: "long", day: "numeric", month: "long" });
    const name = new Intl.RelativeTimeFormat(this.language, { numeric: "auto" }).format(-ago, "day");
    return name[0]!.toUpperCase() + name.slice(1);
  }

  private format(at: Date, how: Intl.DateTimeFormatOptions): string {
    // The region decides between 24 hours and AM.
    const regional = /^[a-z]{2}-[A-Z]{2}$/.test(this.locale) && this.locale.startsWith(this.language);
    return new Intl.DateTimeFormat(regional ? this.locale : this.language, how).format(at);
  }
}

/** What speakers call a language, such as Norsk bokmål. */
export function nameOf(language: string): string {
  const name = new Intl.DisplayNames([language], { type: "language" }).of(language)!;
  return name[0]!.toUpperCase() + name.slice(1);
}
