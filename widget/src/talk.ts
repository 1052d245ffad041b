/** One driver's conversation: what was said, what waits to be sent, and how both sides come to know. */

import { type Api, Refused, type WireContext } from "./api";
import { Live } from "./live";
import { Outbox } from "./outbox";
import { KEPT, type Store } from "./store";
import type { Message, Outgoing, Reply, Said } from "./types";

/** Milliseconds that what was sent may take to come back by the stream. */
const PATIENCE = 2_000;

/** A line on the screen: what the server has, or what waits to be sent to it. */
export interface Line {
  key: string;
  at: string;
  message?: Message | null;
  reply?: Reply | null;
  /** The driver's message, where the server has not answered it yet. */
  outgoing?: Outgoing;
  /** It came while the chat was there, not with the history. */
  fresh?: boolean;
}

/** What the host app says of the driver. */
export interface Host {
  beginning(): { locale: string; vendor?: string; country?: string };
  context(): WireContext;
  token(): string | undefined;
  /** Asks the host app for a new token; undefined where it has none to give. */
  renew(): Promise<string | undefined>;
}

export interface Watcher {
  /** Lines, states or the connection changed. */
  changed(): void;
  typing(name?: string): void;
  /** The conversation that was there is gone from the server. */
  lost(): void;
}

export class Talk {
  offline = !navigator.onLine;
  private readonly ended = new AbortController();
  private said = new Map<number, Said & Line>();
  private readonly live: Live;
  private readonly outbox: Outbox;
  private starting?: Promise<string>;
  private shown?: string;
  private came = (): void => {};

  constructor(
    readonly api: Api,
    readonly store: Store,
    private readonly host: Host,
    private readonly watcher: Watcher,
  ) {
    this.outbox = new Outbox(
      store,
      (item) => this.deliver(item),
      () => watcher.changed(),
    );
    this.live = new Live({
      address: () => api.stream(store.state.id!, this.last),
      said: (said) => this.receive([said], true),
      typing: watcher.typing,
      poll: () => this.catchUp(),
      reached: () => this.online(true),
    });
    // Another tab has changed something.
    store.changed = () => {
      if (store.state.id !== this.shown) this.open();
      watcher.changed();
    };
    for (const name of ["online", "offline"]) addEventListener(name, this.online, { signal: this.ended.signal });
    this.open();
  }

  close(): void {
    this.ended.abort();
    this.live.stop();
    this.outbox.stop();
    this.store.close();
  }

  get lines(): Line[] {
    const said: Line[] = this.history;
    const arrived = new Set(said.map((line) => line.key));
    const waiting = this.store.state.outbox.map((item): Line => ({
      key: `m${item.client_id}`,
      at: item.at,
      message: { id: item.client_id, text: item.text, choice: item.choice, attached: { photos: item.photos } },
      outgoing: item,
    }));
    return said.concat(waiting.filter((line) => !arrived.has(line.key)));
  }

  private get history(): (Said & Line)[] {
    return [...this.said.values()].sort((one, other) => one.number - other.number);
  }

  get unread(): number {
    const { read } = this.store.state;
    return [...this.said.values()].filter((said) => said.reply && said.number > read).length;
  }

  seen(): void {
    if (this.last > this.store.state.read) this.store.update({ read: this.last });
  }

  /** Whether a turn runs: something was sent and not answered yet. */
  get busy(): boolean {
    return !this.offline && this.store.state.outbox.some((item) => !item.failed);
  }

  /** Whether a person talks with the driver: one came or spoke last. */
  get attended(): boolean {
    const last = this.history.reverse().find((said) => said.reply)?.reply!.parts[0]?.origin;
    return last?.kind === "person" || last?.template === "care/joined";
  }

  send(text: string, rest: Partial<Outgoing> = {}): void {
    const item: Outgoing = { ...rest, text, client_id: `${Date.now()}-${Math.random()}`, at: new Date().toISOString() };
    this.store.update(({ outbox }) => ({ outbox: [...outbox, item] }));
    this.watcher.changed();
    void this.outbox.drain();
  }

  retry(item: Outgoing): void {
    this.outbox.change(item, { failed: undefined });
    void this.outbox.drain();
  }

  /** Takes a message back that was not sent. */
  withdraw(item: Outgoing): void {
    this.outbox.change(item);
  }

  restart(): void {
    this.store.forget(true);
    this.store.changed();
  }

  /** The conversation's id; one is started where there is none. */
  ensure(): Promise<string> {
    const { id } = this.store.state;
    if (id) return Promise.resolve(id);
    // Two tabs would start one each.
    const alone = () => (navigator.locks ? navigator.locks.request(this.store.name, () => this.start()) : this.start());
    return (this.starting ??= alone().finally(() => (this.starting = undefined)));
  }

  /** Says who the driver is, in the conversation that runs. False where it is another driver's. */
  async identify(token: string): Promise<boolean> {
    const { id } = this.store.state;
    try {
      if (id) await this.api.put(id, "identity", { token });
    } catch (error) {
      const status = error instanceof Refused && error.status;
      if (status === 409) return false;
      const renewed = status === 401 && (await this.host.renew());
      if (renewed && renewed !== token) return this.identify(renewed);
      // Without a connection the next token says it.
    }
    return true;
  }

  /** Says what the host app knows, where a conversation runs; one that starts later is told then. */
  async situate(more: WireContext = {}): Promise<void> {
    const { id } = this.store.state;
    // An older server does without.
    if (id) await this.api.put(id, "context", { ...this.host.context(), ...more }).catch(() => {});
  }

  /** Begins to show and follow the conversation that is kept, if there is one. */
  private open(): void {
    const { id } = this.store.state;
    this.shown = id;
    this.said.clear();
    this.live.stop();
    this.receive(this.store.lines, false);
    if (id) void this.catchUp(false).then(() => this.store.state.id === id && this.live.start());
    void this.outbox.drain();
  }

  private get last(): number {
    return Math.max(0, ...this.said.keys());
  }

  private async start(): Promise<string> {
    const { id } = this.store.state;
    if (id) return id;
    const { timeZone: timezone } = Intl.DateTimeFormat().resolvedOptions();
    const beginning = this.host.beginning();
    const { locale } = beginning;
    // An older server knows less, and one of another operator does not know this vendor.
    const tries = [{ ...beginning, timezone, context: this.host.context() }, { ...beginning, timezone }, { locale }];
    let token = this.host.token();
    for (let attempt = 0; ;) {
      try {
        const id = await this.api.start({ ...tries[attempt], token });
        // Somebody has signed in meanwhile, and took along what was written.
        this.ended.signal.throwIfAborted();
        this.shown = id;
        this.store.update({ id: this.shown, read: 0 });
        this.live.start();
        return this.shown;
      } catch (error) {
        const status = error instanceof Refused && error.status;
        if (status === 401 && token) {
          // Without a good token the driver is a stranger, which is better than silence.
          const renewed = await this.host.renew();
          token = renewed === token ? undefined : renewed;
        } else if (status !== 422 || !tries[++attempt]) throw error;
      }
    }
  }

  /** Sends one message, and sees to it that it is in the conversation. Throws what the outbox has to judge. */
  private async deliver(item: Outgoing): Promise<void> {
    let id: string | undefined;
    try {
      id = await this.ensure();
      await this.api.send(id, item);
      this.online(true);
    } catch (error) {
      // What is not there: the conversation, or something that the message names?
      if (error instanceof Refused && error.status === 404 && (await this.catchUp()) && this.store.state.id !== id)
        throw new Refused(409);
      this.online(error instanceof Refused);
      throw error;
    }
    // The stream may have been faster than the answer. If nothing comes that way, it is dead.
    const arrived = () => [...this.said.values()].some(({ key }) => key === `m${item.client_id}`);
    for (const begun = Date.now(); Date.now() - begun < PATIENCE && this.live.streams && !arrived();)
      await new Promise<void>((done) => {
        this.came = done;
        setTimeout(done, 200);
      });
    if (arrived() || this.store.state.id !== id) return;
    if (!(await this.catchUp())) throw new TypeError();
    this.live.renew();
  }

  /** Reads what is new; false where the server could not be reached. */
  private async catchUp(fresh = true): Promise<boolean> {
    const { id } = this.store.state;
    if (!id) return true;
    try {
      // Of a long conversation only the end is kept here.
      for (let after: number | null | undefined = !fresh && this.said.size >= KEPT ? 0 : this.last; after != null;) {
        const page = await this.api.messages(id, after);
        if (this.store.state.id !== id) return true;
        this.receive(page.messages, fresh);
        after = page.next_after;
      }
      this.online(true);
    } catch (error) {
      if (error instanceof Refused && error.status === 404) {
        this.store.forget(false);
        this.open();
        this.watcher.lost();
      } else if (!(error instanceof Refused)) {
        this.online(false);
        return false;
      }
    }
    return true;
  }

  private receive(all: Said[], fresh: boolean): void {
    for (const said of all) {
      const { message, reply, number } = said;
      const key = message ? `m${message.client_id ?? message.id}` : `r${reply!.id}`;
      if (!this.said.has(number)) this.said.set(number, { ...said, key, fresh });
    }
    this.came();
    if (all.length) this.store.lines = this.history;
    this.watcher.changed();
  }

  /** Keeps in mind whether the server can be reached: what was tried says it, or the browser. */
  private readonly online = (reached: boolean | Event): void => {
    const offline = typeof reached === "boolean" ? !reached : !navigator.onLine;
    if (offline === this.offline) return;
    this.offline = offline;
    if (!offline) void this.outbox.drain();
    this.watcher.changed();
  };
}
