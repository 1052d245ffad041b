/** The opened chat: header, conversation, notices, and where the driver writes. */

import { Key } from "../generated";
import { h, icon, iconButton } from "../dom";
import type { Line, Talk } from "../talk";
import type { Texts } from "../texts";
import type { Reply } from "../types";
import { Composer } from "./composer";
import type { Scene } from "./line";
import { Log } from "./log";
import { Menu } from "./menu";

export interface Options {
  talk: Talk;
  texts: Texts;
  mute: Scene["mute"];
  /** The operator's own title. */
  title?: string;
  /** Without a close button: it is part of a page. */
  inline: boolean;
  /** Replies that were read out already. */
  announced: Set<string>;
  close(): void;
  language(language: string): void;
}

export class Panel {
  readonly node: HTMLDialogElement;
  private readonly log: Log;
  private readonly menu: Menu;
  private readonly composer: Composer;
  private readonly title: HTMLElement;
  private readonly offline: HTMLElement;
  private readonly notice: HTMLElement;
  /** The one polite region, and one for danger. */
  private readonly status = h("p.hidden", { role: "status", "aria-live": "polite" });
  private readonly alarm = h("p.hidden", { role: "alert" });

  constructor(private readonly options: Options) {
    const { talk, texts, mute } = options;
    const t = texts.say;
    const say = this.say.bind(this);
    this.composer = new Composer(talk, texts, say);
    const scene: Scene = {
      talk,
      texts,
      mute,
      edit: (item) => {
        talk.withdraw(item);
        this.composer.resume(item.text);
      },
    };
    this.log = new Log(scene, say);
    this.menu = new Menu(scene, { language: options.language, rate: () => this.log.rate(), say });
    this.title = h("h2", { id: "title", tabindex: -1 }, options.title || t(Key.title));
    this.offline = h("p.notice", { hidden: true }, icon("alert"), t(Key.offline));
    this.notice = h("p.notice", { hidden: true });
    this.node = h(
      "dialog.panel",
      {
        "aria-labelledby": "title",
        onkeydown: (event) => this.key(event as KeyboardEvent),
        oncancel: (event) => {
          event.preventDefault();
          options.close();
        },
        ondragover: (event) => event.preventDefault(),
        ondrop: (event) => this.drop(event as DragEvent),
      },
      h(
        "div.header",
        h("span.badge", icon("bolt")),
        this.title,
        this.menu.button,
        !options.inline && iconButton("close", t(Key.close), options.close, {}),
      ),
      this.menu.node,
      this.log.node,
      this.offline,
      this.notice,
      this.composer.node,
      this.status,
      this.alarm,
    );
    this.node.addEventListener("pointerdown", (event) => {
      const path = event.composedPath();
      if (this.menu.open && !path.includes(this.menu.node) && !path.includes(this.menu.button)) this.menu.toggle(false);
    });
  }

  /** Draws the lines; returns the replies that are new. */
  render(lines: Line[]): Reply[] {
    const { talk, announced, texts } = this.options;
    this.log.render(lines);
    if (this.offline.hidden === talk.offline) {
      this.offline.hidden = !talk.offline;
      if (talk.offline) this.announce(texts.say(Key.offline));
    }
    const news = lines.filter((line) => line.reply && !announced.has(line.key));
    news.forEach((line) => announced.add(line.key));
    const fresh = news.filter((line) => line.fresh).map((line) => line.reply!);
    const urgent = fresh.filter((reply) => reply.urgent);
    if (urgent.length) this.alarm.textContent = urgent.map((reply) => reply.text).join("\n");
    const calm = fresh.filter((reply) => !reply.urgent);
    if (calm.length) this.announce(calm.map((reply) => reply.text).join("\n"));
    for (const { key: name, outgoing } of lines) {
      if (!outgoing?.failed || announced.has(name)) continue;
      announced.add(name);
      this.announce(texts.say(outgoing.failed === "too_long" ? Key.too_long : Key.failed));
    }
    return fresh;
  }

  someoneTypes(name?: string): void {
    this.log.someoneTypes(name);
  }

  /** A notice that stays until it is put away. */
  say(what: Key, values?: Record<string, number>): void {
    const { texts } = this.options;
    const text = texts.say(what, values);
    const away = iconButton("close", texts.say(Key.close), () => {
      this.notice.hidden = true;
      this.composer.focus();
    });
    this.notice.replaceChildren(h("span", text), away);
    this.notice.hidden = false;
    this.announce(text);
  }

  /** It is on the screen now. */
  opened(): void {
    this.log.jump();
    this.composer.fit();
  }

  /** Where the driver goes on. On touch screens the keyboard stays down, so that there is something to see. */
  focus(): void {
    if (matchMedia("(pointer: coarse)").matches) this.title.focus();
    else this.composer.focus();
  }

  private announce(text: string): void {
    this.status.textContent = text;
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    if (this.menu.open) this.menu.leave();
    else this.options.close();
  }

  private drop(event: DragEvent): void {
    event.preventDefault();
    this.composer.attach([...(event.dataTransfer?.files ?? [])]);
  }
}
