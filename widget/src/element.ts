/** <plugdesk-chat>: the launcher, the chat, and what the host app can ask of them. */

import { Key } from "./generated";
import { Api } from "./api";
import { h, icon } from "./dom";
import { Store } from "./store";
import { Talk } from "./talk";
import { Texts } from "./texts";
import { userKey } from "./token";
import type { Situation } from "./types";
import { followScreen } from "./viewport";
import type { Scene } from "./views/line";
import { Panel } from "./views/panel";
import css from "./widget.css";

const CONTEXT = ["station-id", "error-code", "screen"];

/** What `plugdesk-token` brings: the host app answers with a new token, or a promise of one. */
export interface TokenRequest {
  renew(token: string | undefined | PromiseLike<string | undefined>): void;
}

export class PlugdeskChat extends HTMLElement {
  static readonly observedAttributes = ["server", "locale", "position", "dir", "heading", "token", ...CONTEXT];
  /** Where the server is, unless the attribute says it. */
  static server = location.origin;

  private root?: HTMLElement;
  private launcher?: HTMLButtonElement;
  private panel?: Panel;
  private talk?: Talk;
  private texts = new Texts("en");
  private small = false;
  private drawing = false;
  private telling = false;
  private unread = 0;
  private known?: string;
  private endScreen?: () => void;
  private readonly mute: Scene["mute"] = new Set();
  private readonly announced = new Set<string>();

  get isOpen(): boolean {
    return this.panel?.node.open ?? false;
  }

  /** Opens the chat. */
  open(): void {
    if (!this.root || this.isOpen) return;
    this.show();
    this.panel!.focus();
    this.emit("open");
  }

  /** Closes the chat; the conversation goes on when it is opened again. */
  close(): void {
    if (!this.isOpen || this.inline) return;
    this.panel!.node.close();
    this.talk!.store.update({ open: false });
    this.draw();
    this.launcher!.focus();
    this.emit("close");
  }

  /** Says who the driver is, by a token of the host app. Without one they sign out, and what this browser kept goes. */
  async identify(token?: string | null): Promise<void> {
    const before = this.known;
    this.known = token || undefined;
    const old = this.talk;
    if (!old) return;
    if (!token) {
      if (before) old.store.forget(true);
      return this.connect();
    }
    if (!before || userKey(before) !== userKey(token)) {
      if (!before) {
        const { state, lines } = old.store;
        const own = new Store(old.api.server, userKey(token));
        const { id, outbox, draft } = own.state;
        // Who signs in goes on with what they began; what they wrote comes along to what they had begun before.
        own.update(id ? { outbox: [...outbox, ...state.outbox], draft: draft || state.draft } : state);
        if (!id) own.lines = lines;
        own.close();
        old.store.forget(true);
      }
      this.connect();
    }
    if (!(await this.talk!.identify(token))) this.talk!.restart();
  }

  /** Says what the driver looks at; what is left out is forgotten, and with null all of it. */
  setContext(situation: Situation | null): void {
    for (const attribute of CONTEXT) {
      const value = situation?.[attribute.replace(/-./, (letter) => letter[1]!.toUpperCase()) as keyof Situation];
      if (value) this.setAttribute(attribute, value);
      else this.removeAttribute(attribute);
    }
  }

  connectedCallback(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    this.root = h("div.root");
    shadow.replaceChildren(this.root);
    // A sheet that is constructed needs no permission of the page's content security policy.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
    this.known = this.getAttribute("token") ?? undefined;
    this.connect();
    this.endScreen = followScreen(this.root, (small) => {
      this.small = small;
      if (this.isOpen) this.show();
    });
    // On a phone it would cover a page that was just come to.
    const again =
      !this.small || (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).type === "reload";
    if (this.inline || this.hasAttribute("open") || (again && this.talk!.store.state.open)) this.show();
    this.emit("ready");
  }

  disconnectedCallback(): void {
    this.endScreen?.();
    this.talk?.close();
    this.talk = this.root = undefined;
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.root || before === now) return;
    if (name === "token") void this.identify(now);
    else if (name === "server") this.connect();
    else if (CONTEXT.includes(name)) this.situate();
    else this.build();
  }

  /** Tells the server what the driver looks at, once for all that changed together. */
  private situate(): void {
    if (this.telling) return;
    this.telling = true;
    queueMicrotask(() => {
      this.telling = false;
      void this.talk?.situate();
    });
  }

  private get inline(): boolean {
    return this.getAttribute("position") === "inline";
  }

  /** Talks to the server for the driver that is known now. */
  private connect(): void {
    this.talk?.close();
    const server = (this.getAttribute("server") || PlugdeskChat.server).replace(/\/+$/, "");
    const attribute = (name: string) => this.getAttribute(name) ?? undefined;
    const store = new Store(server, this.known ? userKey(this.known) : "");
    this.talk = new Talk(
      new Api(server),
      store,
      {
        beginning: () => ({ locale: this.locale(store), vendor: attribute("vendor"), country: attribute("country") }),
        context: () => ({
          station_id: attribute("station-id"),
          error_code: attribute("error-code"),
          screen: attribute("screen"),
        }),
        token: () => this.known,
        renew: () => this.renew(),
      },
      {
        changed: () => this.draw(),
        typing: (name) => this.panel?.someoneTypes(name),
        lost: () => this.panel?.say(Key.lost),
      },
    );
    this.build();
  }

  private locale(store: Store): string {
    const wanted = store.state.locale ?? (this.getAttribute("locale") || navigator.language || "en");
    // Where only a language is known, the driver's own region decides how times and amounts are written.
    return navigator.languages.find((each) => each.startsWith(`${wanted}-`)) ?? wanted;
  }

  /** Makes everything anew that shows a text. */
  private build(): void {
    const talk = this.talk!;
    const open = this.isOpen;
    const focused = this.panel?.node.contains(this.shadowRoot!.activeElement);
    this.texts = new Texts(this.locale(talk.store));
    this.panel = new Panel({
      talk,
      texts: this.texts,
      mute: this.mute,
      title: this.getAttribute("heading") ?? undefined,
      inline: this.inline,
      announced: this.announced,
      close: () => this.close(),
      language: (language) => {
        talk.store.update({ locale: language });
        void talk.situate({ locale: language });
        this.build();
      },
    });
    this.launcher = h(
      "button.launcher",
      { "aria-haspopup": "dialog", onclick: () => (this.isOpen ? this.close() : this.open()) },
      icon("chat"),
      h("span.count", { hidden: true }),
    );
    this.root!.replaceChildren(...(this.inline ? [] : [this.launcher]), this.panel.node);
    this.root!.lang = this.texts.language;
    this.root!.dir = this.getAttribute("dir") || (this.texts.rightToLeft ? "rtl" : "ltr");
    if (open) this.show();
    else this.draw();
    if (focused) this.panel.focus();
  }

  /** Shows the chat: beside the page, or over all of it on a small screen. */
  private show(): void {
    const panel = this.panel!;
    panel.node.close();
    if (this.small && !this.inline) panel.node.showModal();
    else panel.node.open = true; // show() would take the focus away from the page
    panel.opened();
    this.talk!.store.update({ open: true });
    this.draw();
  }

  /** Draws what changed, once for all that changed together. */
  private draw(): void {
    if (this.drawing) return;
    this.drawing = true;
    queueMicrotask(() => {
      this.drawing = false;
      const { talk } = this;
      if (!talk || !this.launcher) return;
      for (const { id, urgent = false } of this.panel!.render(talk.lines)) this.emit("reply", { id, urgent });
      if (this.isOpen && !document.hidden) talk.seen();
      const unread = talk.unread;
      const say = this.texts.say;
      const badge = this.launcher.lastElementChild as HTMLElement;
      badge.hidden = !unread;
      badge.textContent = unread > 9 ? "9+" : String(unread);
      this.launcher.setAttribute(
        "aria-label",
        unread ? `${say(Key.title)}, ${say(Key.newer)}: ${unread}` : say(Key.title),
      );
      this.launcher.setAttribute("aria-expanded", String(this.isOpen));
      if (unread !== this.unread) this.emit("unread", { count: (this.unread = unread) });
    });
  }

  /** Asks the host app for a new token. */
  private renew(): Promise<string | undefined> {
    let answer: string | undefined | PromiseLike<string | undefined>;
    this.emit("token", { renew: (token) => (answer = token) } satisfies TokenRequest);
    return Promise.resolve(answer).then((token) => {
      if (token) {
        this.known = token;
      }
      return token;
    });
  }

  private emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(`plugdesk-${name}`, { bubbles: true, composed: true, detail }));
  }
}
