/** What the driver said, with its state: on its way, sent, or not sent and what can be done. */

import { Key } from "../generated";
import { h, icon } from "../dom";
import type { Line } from "../talk";
import type { LineView, Scene } from "./line";

export function messageView(scene: Scene): LineView {
  const { talk, texts } = scene;
  const t = texts.say;
  const text = h("p", { dir: "auto" });
  const photos = h("div.thumbs");
  const state = h("p.meta");
  const node = h("article.line driver", h("span.hidden", t(Key.message)), h("div.bubble", photos, text), state);
  let drawn = "";

  function update({ message, outgoing, at }: Line): void {
    const now = JSON.stringify([message, outgoing, talk.offline]);
    if (now === drawn) return;
    drawn = now;
    text.textContent = message!.text;
    text.hidden = !message!.text;
    // The server shows a photo once its message has arrived.
    const shown = (photo: string) => (outgoing ? h("span.thumb", icon("photo")) : thumb(scene, photo));
    photos.replaceChildren(...(message!.attached?.photos ?? []).map(shown));
    node.classList.toggle("failed", !!outgoing?.failed);
    if (outgoing?.failed) {
      const retry = h("button.retry", { onclick: () => talk.retry(outgoing) }, t(Key.retry));
      const edit = h("button.retry", { onclick: () => scene.edit(outgoing) }, t(Key.edit));
      state.replaceChildren(
        icon("alert"),
        t(outgoing.failed === "too_long" ? Key.too_long : Key.failed),
        " ",
        outgoing.failed === "too_long" ? "" : retry,
        edit,
      );
    } else if (outgoing) state.replaceChildren(t(talk.offline ? Key.failed : Key.sending));
    else state.replaceChildren(texts.time(new Date(at)), icon("check"), h("span.hidden", t(Key.sent)));
  }

  return { node, update };
}

/** A small copy of a photo that was sent. */
export function thumb({ talk, texts }: Scene, photo: string): HTMLElement {
  const { id } = talk.store.state;
  return h("img.thumb", { src: talk.api.photo(id ?? "", photo), alt: texts.say(Key.photo_alt), loading: "lazy" });
}
