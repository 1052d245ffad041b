/** Where the driver writes: text, photos, their place, and the way to a person. */

import { Key } from "../generated";
import { h, icon, iconButton } from "../dom";
import { ACCEPTED } from "../photos";
import type { Talk } from "../talk";
import type { Texts } from "../texts";
import { Attachments } from "./attachments";

/** Pixels; six lines, more are scrolled. */
const TALLEST = 148;
const LONGEST_TEXT = 20_000;

export class Composer {
  readonly node: HTMLFormElement;
  private readonly field: HTMLTextAreaElement;
  private readonly button: HTMLButtonElement;
  private readonly attachments: Attachments;
  private readonly place: HTMLButtonElement;

  /** `say`: a notice for the driver. */
  constructor(
    private readonly talk: Talk,
    texts: Texts,
    private readonly say: (key: Key, values?: Record<string, number>) => void,
  ) {
    const t = texts.say;
    this.attachments = new Attachments(talk, texts, () => this.refresh(), say);
    this.field = h("textarea", {
      id: "text",
      rows: 1,
      maxlength: LONGEST_TEXT,
      enterkeyhint: "send",
      autocomplete: "off",
      dir: "auto",
      placeholder: t(Key.message),
      "aria-label": t(Key.message),
      oninput: () => this.edited(),
      onkeydown: (event) => this.key(event as KeyboardEvent),
      onpaste: (event) => this.pasted(event as ClipboardEvent),
    });
    this.field.value = talk.store.state.draft;
    const picker = h("input", {
      type: "file",
      accept: ACCEPTED,
      multiple: true,
      hidden: true,
      "aria-label": t(Key.photo),
    });
    picker.addEventListener("change", () => {
      this.attachments.add([...(picker.files ?? [])]);
      picker.value = "";
    });
    this.button = h("button.send", { type: "submit", "aria-label": t(Key.send), title: t(Key.send) }, icon("send"));
    this.place = iconButton("place", t(Key.place), () => this.locate());
    const person = () => talk.send(t(Key.person), { choice: { kind: "command", value: "person" } });
    this.node = h(
      "form.composer",
      {
        onsubmit: (event) => {
          event.preventDefault();
          this.send();
        },
      },
      this.attachments.node,
      this.field,
      h(
        "div.tools",
        iconButton("photo", t(Key.photo), () => picker.click()),
        this.place,
        picker,
        h("button.person", { onclick: person }, icon("person"), h("span", t(Key.person))),
        this.button,
      ),
    );
    this.refresh();
  }

  focus(): void {
    this.field.focus();
  }

  /** Fits the field to its text; only possible while it is shown. */
  fit(): void {
    this.field.style.height = "auto";
    if (this.field.scrollHeight) this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
  }

  attach(files: Iterable<File>): void {
    this.attachments.add(files);
  }

  /** Puts a text back that was not sent. */
  resume(text: string): void {
    this.field.value = this.field.value ? `${text}\n${this.field.value}` : text;
    this.edited();
    this.focus();
  }

  private send(): void {
    const text = this.field.value.trim();
    const photos = this.attachments.ids;
    if ((!text && !photos.length) || !this.attachments.ready) return;
    this.talk.send(text, photos.length ? { photos } : {});
    this.field.value = "";
    this.attachments.clear();
    this.edited();
    this.focus();
  }

  private edited(): void {
    this.fit();
    this.refresh();
    this.talk.store.update({ draft: this.field.value });
  }

  private refresh(): void {
    const something = this.field.value.trim() || this.attachments.ids.length;
    this.button?.setAttribute("aria-disabled", String(!something || !this.attachments.ready));
  }

  private key(event: KeyboardEvent): void {
    // Enter sends, except while letters are being composed.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  private pasted(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.attachments.add(files);
  }

  private locate(): void {
    const refused = () => {
      this.place.disabled = false;
      this.say(Key.place_refused);
    };
    if (!navigator.geolocation) return refused();
    this.place.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        this.place.disabled = false;
        this.talk.send("📍", { position: { latitude, longitude } });
      },
      refused,
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  }
}
