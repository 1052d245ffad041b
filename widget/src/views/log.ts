/** The conversation from its first line to the last, days apart, with what belongs at its end. */

import { Key } from "../generated";
import { h, icon } from "../dom";
import type { Line } from "../talk";
import type { LineView, Scene } from "./line";
import { messageView } from "./message";
import { ratingView } from "./rating";
import { replyView } from "./reply";

const EXAMPLES: Key[] = [Key.example1, Key.example2, Key.example3];
/** Replies after which a driver is asked for stars: they said that it works, or thanks. */
const FAREWELLS = ["command/works", "thanks"];
const NEAR = 80;
/** Milliseconds. */
const BOT_TYPES = 30_000;
const PERSON_TYPES = 8_000;

export class Log {
  readonly node: HTMLElement;
  private readonly scroller: HTMLElement;
  private readonly list: HTMLElement;
  private readonly newer: HTMLButtonElement;
  private readonly welcome: HTMLElement;
  private readonly disclosure: HTMLElement;
  private readonly typing: HTMLElement;
  private readonly views = new Map<string, LineView>();
  private readonly days = new Map<string, HTMLElement>();
  private rating?: HTMLElement;
  private asked = false;
  /** The driver asked for it, so it stays while they go on talking. */
  private wished = false;
  private typist?: number;
  private wasBusy = false;
  private settled = false;
  /** The driver reads at the end, and has not scrolled away. */
  private following = true;
  private readonly wander = (): void => {
    this.following = false;
  };

  /** `say`: a notice for the driver. */
  constructor(
    private readonly scene: Scene,
    private readonly say: (key: Key) => void,
  ) {
    const { talk, texts } = scene;
    const t = texts.say;
    this.disclosure = h("p.disclosure", icon("bolt"), h("span", t(Key.disclosure)));
    this.welcome = h(
      "div.welcome",
      h("p.question", t(Key.welcome)),
      h("div.choices", ...EXAMPLES.map((key) => h("button.choice", { onclick: () => talk.send(t(key)) }, t(key)))),
    );
    this.typing = h("p.line bot typing", h("span.bubble", h("i"), h("i"), h("i")), h("span.hidden"));
    this.list = h("div.list");
    this.scroller = h(
      "div.log",
      {
        role: "log",
        "aria-live": "off",
        "aria-label": t(Key.title),
        tabindex: 0,
        onscroll: () => this.atEnd && (this.following = this.newer.hidden = true),
        onwheel: this.wander,
        ontouchmove: this.wander,
        onkeydown: this.wander,
      },
      this.list,
    );
    this.newer = h("button.newer", { hidden: true, onclick: () => this.end() }, "↓ ", t(Key.newer));
    this.node = h("div.log-frame", this.scroller, this.newer);
  }

  /** Draws what is there; only what changed is touched. */
  render(lines: Line[]): void {
    const { talk, mute } = this.scene;
    const wanted: HTMLElement[] = [this.disclosure];
    if (!lines.length) wanted.push(this.welcome);
    const lastSaid = lines.map((line) => !!line.message).lastIndexOf(true);
    const answered = new Set(
      lines.flatMap(({ message }) => (message?.choice?.kind === "answer" ? message.choice.value.split(":")[1]! : [])),
    );
    let photos: string[] = [];
    let day = "";
    let added: HTMLElement | undefined;
    lines.forEach((line, index) => {
      const name = new Date(line.at).toDateString();
      if (name !== day) wanted.push(this.day((day = name), line));
      let view = this.views.get(line.key);
      if (!view) {
        view = line.reply ? replyView(line, this.scene) : messageView(this.scene);
        this.views.set(line.key, view);
        added = view.node;
      }
      photos.push(...(line.message?.attached?.photos ?? []));
      view.update(line, { open: index > lastSaid, answered, photos });
      const report = line.message?.choice;
      if (report?.kind === "answer" && report.value.startsWith("yes:")) photos = [];
      wanted.push(view.node);
    });
    const last = lines[lines.length - 1];
    const busy = talk.busy && !talk.attended;
    if (busy) this.type();
    else if (this.wasBusy || (added && last?.reply)) this.still();
    this.wasBusy = busy;
    if (this.typist) wanted.push(this.typing);
    const farewell = last?.reply?.parts.some(({ origin }) => FAREWELLS.includes(origin.template ?? ""));
    if (farewell && !this.asked && !talk.store.state.rated && !mute.has("rating")) this.rate(false);
    if (!farewell && !this.wished) this.rating = undefined;
    if (this.rating) wanted.push(this.rating);
    this.place(wanted);
    this.follow(added, lines[lastSaid], last?.reply?.urgent);
  }

  /** Somebody writes; forgotten after a while if nothing comes. */
  someoneTypes(name?: string): void {
    this.type(name);
    if (!this.typing.isConnected) this.list.append(this.typing);
    if (this.following) this.end();
  }

  /** Asks for stars at the end of the conversation. */
  rate(focus = true): void {
    this.asked = true;
    this.wished = focus;
    const close = (thanks: boolean) => {
      this.rating?.remove();
      this.rating = undefined;
      if (thanks) this.say(Key.rated);
    };
    this.rating?.remove();
    this.rating = ratingView(this.scene, close, () => this.say(Key.try_later));
    this.list.append(this.rating);
    if (!focus) return;
    this.rating.querySelector("input")?.focus();
    this.end();
  }

  end(): void {
    this.following = this.newer.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Shows the end at once, as when the chat opens. */
  jump(): void {
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: "instant" });
    this.settled = true;
  }

  focus(): void {
    this.scroller.focus();
  }

  private get atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  private day(name: string, { at }: Line): HTMLElement {
    let node = this.days.get(name);
    if (!node) this.days.set(name, (node = h("p.day", h("span"))));
    const said = this.scene.texts.day(new Date(at));
    if (node.textContent !== said) node.firstElementChild!.textContent = said;
    return node;
  }

  /** `name`: of a person; without one it is the assistant. */
  private type(name?: string): void {
    this.typing.lastElementChild!.textContent = `${name ?? this.scene.texts.say(Key.assistant)} …`;
    clearTimeout(this.typist);
    this.typist = window.setTimeout(() => this.still(), name ? PERSON_TYPES : BOT_TYPES);
  }

  private still(): void {
    clearTimeout(this.typist);
    this.typist = undefined;
    this.typing.remove();
  }

  private place(wanted: HTMLElement[]): void {
    const hadFocus = this.list.contains((this.node.getRootNode() as ShadowRoot).activeElement);
    const keep = new Set<Node>(wanted);
    for (const node of [...this.list.childNodes]) if (!keep.has(node)) node.remove();
    let at = this.list.firstChild;
    for (const node of wanted) {
      if (node === at) at = at.nextSibling;
      else this.list.insertBefore(node, at);
    }
    // The button that was pressed may be gone; the keyboard goes on from here.
    const active = (this.node.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
    if (hadFocus && (!active || active.closest("[hidden]"))) this.focus();
  }

  /** Goes along with what is said, but keeps the question in sight above a long answer. */
  private follow(added: HTMLElement | undefined, asked: Line | undefined, urgent = false): void {
    if (!this.settled) return this.jump();
    if (!added) return;
    const question = asked && this.views.get(asked.key)?.node;
    if (added === question || urgent) this.following = true;
    const { scroller } = this;
    if (this.following)
      scroller.scrollTop = Math.min(scroller.scrollHeight - scroller.clientHeight, (question ?? added).offsetTop - 12);
    // What came after a long answer is still below.
    this.newer.hidden = this.following && added.offsetTop < (question?.offsetTop ?? 0) + scroller.clientHeight;
  }
}
