/** Stars for the whole conversation, with a word if the driver likes. */

import { Key } from "../generated";
import { Refused } from "../api";
import { h } from "../dom";
import type { Scene } from "./line";

/** `close` takes the card away; `failed` says that the server did not take it. */
export function ratingView(
  { talk, texts, mute }: Scene,
  close: (thanks: boolean) => void,
  failed: () => void,
): HTMLElement {
  const t = texts.say;
  const stars = [1, 2, 3, 4, 5].map((count) => {
    const radio = h("input", {
      type: "radio",
      name: "stars",
      value: count,
      required: true,
      "aria-label": `${count}/5`,
    });
    radio.addEventListener("change", () => paint(count));
    return h("label.star", { title: `${count}/5` }, radio, "★");
  });
  const comment = h("textarea", {
    rows: 2,
    maxlength: 2000,
    "aria-label": t(Key.message),
    placeholder: t(Key.message),
    dir: "auto",
  });

  function paint(count: number): void {
    stars.forEach((star, index) => star.classList.toggle("lit", index < count));
  }

  async function send(form: HTMLFormElement): Promise<void> {
    const chosen = new FormData(form).get("stars");
    try {
      await talk.api.rate(talk.store.state.id!, Number(chosen), comment.value.trim());
      talk.store.update({ rated: true });
      close(true);
    } catch (error) {
      if (error instanceof Refused && error.unknown) {
        mute.add("rating");
        close(false);
      }
      failed();
    }
  }

  const form = h(
    "form.card rating",
    h("fieldset", h("legend", t(Key.rate)), h("div.stars", ...stars)),
    comment,
    h(
      "div.answers",
      h("button.choice primary", { type: "submit" }, t(Key.send)),
      h("button.choice", { onclick: () => close(false) }, t(Key.cancel)),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form);
  });
  return form;
}
