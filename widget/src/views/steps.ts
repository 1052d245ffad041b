/** Steps as a checklist. Ticks are the driver's own: they stay in this browser. */

import { h } from "../dom";
import type { Part } from "../types";
import type { Scene } from "./line";

export function stepsView(part: Part, name: string, { talk }: Scene): HTMLElement {
  const first = part.first ?? 1;
  const items = (part.items ?? []).map((item, index) => {
    const key = `${name}:${index}`;
    const box = h("input", { type: "checkbox", onchange: () => tick(key, box.checked) });
    box.checked = talk.store.state.ticks.includes(key);
    const number = h("span.number", { "aria-hidden": "true" }, String(first + index));
    return h("li", h("label", box, number, h("span.step", { dir: "auto" }, item)));
  });

  function tick(key: string, on: boolean): void {
    talk.store.update(({ ticks }) => ({ ticks: [...ticks.filter((each) => each !== key), ...(on ? [key] : [])] }));
  }

  return h("ol.steps", { start: first }, ...items);
}
