/** A card that asks for a yes before an action runs; it says until when, and takes one answer. */

import { Key } from "../generated";
import { h } from "../dom";
import type { Part, QuickReply } from "../types";
import type { Scene } from "./line";
import { thumb } from "./message";

const REPORT = "report";

export interface Card {
  node: HTMLElement;
  update(answered: boolean, photos: string[]): void;
}

export function confirmationView(part: Part, answers: QuickReply[], scene: Scene): Card {
  const { talk, texts } = scene;
  const t = texts.say;
  const end = new Date(part.expires_at ?? Date.now());
  const state = h("p.meta", { lang: texts.language });
  const thumbs = h("div.thumbs");
  const buttons = h(
    "div.answers",
    ...answers.map(({ label, choice }) =>
      h(
        `button.choice${choice.value.startsWith("yes:") ? " primary" : ""}`,
        { onclick: () => talk.send(label, { choice }) },
        label,
      ),
    ),
  );
  const node = h(
    "section.card",
    { "aria-label": t(Key.confirm) },
    h("p.flag", { lang: texts.language }, t(Key.confirm)),
    h("p", part.text),
    thumbs,
    buttons,
    state,
  );
  let done = false;
  let shown = "";

  function draw(): void {
    const over = end.getTime() <= Date.now();
    buttons.hidden = done || over;
    state.textContent = over ? t(Key.expired) : t(Key.valid_until, { time: texts.time(end) });
    state.hidden = done;
    node.classList.toggle("over", done || over);
  }

  // A tab that slept draws late, so the server has the last word.
  setTimeout(draw, Math.min(Math.max(end.getTime() - Date.now(), 0), 2 ** 31 - 1));

  function update(answered: boolean, photos: string[]): void {
    done = answered;
    // Which photos go with it is settled by the answer, so they are not drawn anew afterwards.
    if (part.action === REPORT && photos.join() !== shown) {
      shown = photos.join();
      thumbs.replaceChildren(...photos.map((photo) => thumb(scene, photo)));
    }
    draw();
  }

  return { node, update };
}
