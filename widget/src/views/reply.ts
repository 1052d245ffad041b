/** What the assistant or a person said: parts, buttons, sources, and whether it helped. */

import { Key } from "../generated";
import { h, icon } from "../dom";
import type { Line } from "../talk";
import { nameOf } from "../texts";
import type { Part, QuickReply, Reply } from "../types";
import { confirmationView } from "./confirmation";
import { feedbackView } from "./feedback";
import type { LineView, Scene, Surroundings } from "./line";
import { stepsView } from "./steps";

export function replyView(line: Line, scene: Scene): LineView {
  const { texts } = scene;
  const t = texts.say;
  const reply = line.reply!;
  const origin = reply.parts[0]?.origin;
  // That a person came or went is nobody's line.
  if (origin?.template?.startsWith("care/"))
    return { node: h("p.day told", { lang: reply.language, dir: "auto" }, reply.text), update() {} };
  const cards = new Map<string, ReturnType<typeof confirmationView>>();
  const body = h("div.bubble", { lang: reply.language });
  if (reply.urgent) body.append(h("p.flag", { lang: texts.language }, icon("alert"), t(Key.urgent)));
  let live = false;
  reply.parts.forEach((part, index) => {
    if (part.origin.tools?.length && !live) {
      live = true;
      const when = ` · ${texts.time(new Date(line.at))}`;
      body.append(h("p.chip", { lang: texts.language }, t(Key.live), when));
    }
    if (part.type === "confirmation") {
      const card = confirmationView(part, answersTo(reply, part), scene);
      cards.set(part.proposal!, card);
      body.append(card.node);
    } else body.append(...partView(part, reply, index, scene));
  });
  if (reply.sources.length) body.append(sourcesView(reply, scene));

  const buttons = h("div.choices");
  for (const { label, choice } of loose(reply)) {
    buttons.append(
      h("button.choice", { lang: reply.language, onclick: () => scene.talk.send(label, { choice }) }, label),
    );
  }
  const meta = h("p.meta", texts.time(new Date(line.at)));
  const asked = feedbackView(reply, scene);
  const node = h(
    `article.line bot${reply.urgent ? " urgent" : ""}`,
    h("span.hidden", origin?.name ?? t(Key.assistant)),
    body,
    asked ?? meta,
    buttons,
  );
  if (origin?.name) meta.prepend(`${origin.name} · `);
  asked?.prepend(meta);

  function update(_: Line, around: Surroundings): void {
    buttons.hidden = !around.open || !buttons.childElementCount;
    for (const [proposal, card] of cards) card.update(around.answered.has(proposal), around.photos);
  }

  return { node, update };
}

/** The buttons that answer a card: they stand in it. */
function answersTo(reply: Reply, part: Part): QuickReply[] {
  return reply.quick_replies.filter(
    ({ choice }) => choice.kind === "answer" && choice.value.endsWith(`:${part.proposal}`),
  );
}

function loose(reply: Reply): QuickReply[] {
  const taken = reply.parts.filter((part) => part.type === "confirmation").flatMap((part) => answersTo(reply, part));
  // The way to a person is always there.
  return reply.quick_replies.filter((each) => !taken.includes(each) && each.choice.value !== "person");
}

function partView(part: Part, reply: Reply, index: number, scene: Scene): HTMLElement[] {
  switch (part.type) {
    case "heading":
      return [h("h3", { dir: "auto" }, part.text)];
    case "steps":
      return [stepsView(part, `${reply.id}:${index}`, scene)];
    case "picture": {
      const source = scene.talk.api.picture(part.src ?? "");
      return source ? [h("img.picture", { src: source, alt: part.alt, loading: "lazy" })] : [];
    }
    default:
      return [h("p", { dir: "auto" }, part.text)];
  }
}

function sourcesView(reply: Reply, { texts }: Scene): HTMLElement {
  return h(
    "details.sources",
    h("summary", { lang: texts.language }, texts.say(Key.sources)),
    h(
      "ul",
      ...reply.sources.map((source) =>
        h(
          "li",
          h("strong", { lang: source.language }, source.title),
          h("br"),
          h("span", { lang: texts.language }, `${source.updated} · ${nameOf(source.language)}`),
        ),
      ),
    ),
  );
}
