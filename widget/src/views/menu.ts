/** What is needed rarely: the language, the transcript, a rating, a new beginning. */

import { Key } from "../generated";
import { h, iconButton } from "../dom";
import { languages, nameOf } from "../texts";
import type { Scene } from "./line";

export interface Wishes {
  language(language: string): void;
  rate(): void;
  say(key: Key): void;
}

export class Menu {
  readonly button: HTMLButtonElement;
  readonly node = h("div.menu", { id: "menu", hidden: true });

  constructor(
    private readonly scene: Scene,
    private readonly wishes: Wishes,
  ) {
    this.button = iconButton("more", scene.texts.say(Key.more), () => this.toggle(!this.open), {
      "aria-expanded": "false",
      "aria-controls": "menu",
    });
    this.node.addEventListener("focusout", (event) => {
      const to = event.relatedTarget as Node | null;
      if (to && !this.node.contains(to) && to !== this.button) this.toggle(false);
    });
  }

  get open(): boolean {
    return this.button.getAttribute("aria-expanded") === "true";
  }

  toggle(open: boolean): void {
    this.node.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    this.list();
    this.node.querySelector<HTMLElement>("select, button")?.focus();
  }

  /** Closes it and goes back to where it was opened. */
  leave(): void {
    this.toggle(false);
    this.button.focus();
  }

  private list(): void {
    const { talk, texts, mute } = this.scene;
    const t = texts.say;
    const names = languages.map((code) => ({ code, name: nameOf(code) })).sort((a, b) => a.name.localeCompare(b.name));
    const select = h(
      "select",
      { onchange: () => this.wishes.language(select.value) },
      ...names.map(({ code, name }) =>
        h("option", { value: code, lang: code, selected: code === texts.language }, name),
      ),
    );
    const entry = (key: Key, act: () => void) => h("button.entry", { onclick: act }, t(key));
    const rate = () => {
      this.leave();
      this.wishes.rate();
    };
    const { id } = talk.store.state;
    const begun = id
      ? [
          !mute.has("rating") && entry(Key.rate, rate),
          h(
            "a.entry",
            { href: talk.api.transcript(id), download: "", target: "_blank", onclick: () => this.leave() },
            t(Key.transcript),
          ),
          entry(Key.restart, () => this.sure()),
        ]
      : [];
    this.node.replaceChildren(h("div", h("label.entry", h("span", t(Key.language)), select), ...begun));
  }

  private sure(): void {
    const t = this.scene.texts.say;
    const restart = () => {
      this.leave();
      this.scene.talk.restart();
    };
    const yes = h("button.choice primary", { onclick: restart }, t(Key.restart));
    const no = h("button.choice", { onclick: () => this.leave() }, t(Key.cancel));
    this.node.replaceChildren(h("div.answers", yes, no));
    yes.focus();
  }
}
