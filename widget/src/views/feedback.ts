/** Did an answer help? The last of two thumbs counts. */

import { Key } from "../generated";
import { Refused } from "../api";
import { h, iconButton } from "../dom";
import type { Reply } from "../types";
import type { Scene } from "./line";

/** Only answers out of the knowledge base are asked about. */
export function feedbackView(reply: Reply, scene: Scene): HTMLElement | null {
  const { talk, texts, mute } = scene;
  if (!reply.sources.length || mute.has("feedback")) return null;
  const up = iconButton("thumb", texts.say(Key.yes), () => void vote(true));
  const down = iconButton("thumb", texts.say(Key.no), () => void vote(false), { class: "tool down" });
  const group = h("div.votes", { role: "group", "aria-label": texts.say(Key.helped) }, up, down);
  mark(talk.store.state.votes[reply.id]);

  function mark(helped: boolean | undefined): void {
    up.setAttribute("aria-pressed", String(helped === true));
    down.setAttribute("aria-pressed", String(helped === false));
  }

  async function vote(helped: boolean): Promise<void> {
    const before = talk.store.state.votes[reply.id];
    const keep = (value: boolean | undefined) => {
      mark(value);
      talk.store.update(({ votes }) => ({ votes: { ...votes, [reply.id]: value as boolean } }));
    };
    keep(helped);
    try {
      await talk.api.feedback(talk.store.state.id!, reply.id, helped);
    } catch (error) {
      keep(before);
      if (!(error instanceof Refused && error.unknown)) return;
      mute.add("feedback");
      group.remove();
    }
  }

  return h("div.under", group);
}
