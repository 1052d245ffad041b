/** What outlives a reload, kept per server and user in this browser, and told to its other tabs. */

import type { Outgoing, Said } from "./types";

/** Lines that are kept, to be shown without a connection and read no second time. */
export const KEPT = 100;

export interface State {
  /** The conversation's id: the key to it. */
  id?: string;
  /** The last number that the driver has seen. */
  read: number;
  outbox: Outgoing[];
  draft: string;
  /** Steps that were ticked off: the reply's id, part and step. */
  ticks: string[];
  /** By the reply's id: whether it helped. */
  votes: Record<string, boolean>;
  rated: boolean;
  open: boolean;
  /** The language that the driver chose in the menu. */
  locale?: string;
}

const EMPTY: State = { read: 0, outbox: [], draft: "", ticks: [], votes: {}, rated: false, open: false };

export class Store {
  /** Another tab changed something. */
  changed: () => void = () => {};
  readonly name: string;
  /** What was read last, and its text: a long outbox is parsed once a change, however often it is looked at. */
  private parsed: [text?: string, state?: Partial<State>] = [];
  private readonly memory = new Map<string, string>();

  /** `user`: a word of the host app for whose conversation it is; empty while nobody is signed in. */
  constructor(server: string, user: string) {
    this.name = `plugdesk:${server}:${user}`;
    addEventListener("storage", this.stored);
  }

  get state(): State {
    const text = this.text(this.name);
    if (text !== this.parsed[0]) this.parsed = [text, JSON.parse(text ?? "{}") as Partial<State>];
    return { ...EMPTY, ...this.parsed[1] };
  }

  /** Changes what is kept now, whichever tab wrote it last. */
  update(change: Partial<State> | ((state: State) => Partial<State>)): void {
    const state = this.state;
    this.write(this.name, { ...state, ...(typeof change === "function" ? change(state) : change) });
  }

  /** The last lines of the conversation. */
  get lines(): Said[] {
    return JSON.parse(this.text(`${this.name}:lines`) ?? "[]") as Said[];
  }

  set lines(lines: Said[]) {
    this.write(`${this.name}:lines`, lines.slice(-KEPT));
  }

  /** Forgets the conversation, but not what waits to be sent unless `all`. */
  forget(all: boolean): void {
    this.lines = [];
    this.update({
      ...EMPTY,
      id: undefined,
      ...(all ? {} : { outbox: this.state.outbox, draft: this.state.draft }),
      open: this.state.open,
    });
  }

  close(): void {
    removeEventListener("storage", this.stored);
  }

  private readonly stored = ({ key }: StorageEvent): void => {
    if (key === this.name) this.changed();
  };

  private text(name: string): string | undefined {
    try {
      return this.memory.get(name) ?? localStorage.getItem(name) ?? undefined;
    } catch {
      // forbidden: there is only the memory
    }
  }

  private write(name: string, value: unknown): void {
    const text = JSON.stringify(value);
    try {
      localStorage.setItem(name, text);
      this.memory.delete(name);
    } catch {
      // Storage is full or forbidden: it lasts as long as the page.
      this.memory.set(name, text);
    }
  }
}
