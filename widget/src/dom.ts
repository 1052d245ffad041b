/** Making elements. Texts become text nodes, never markup; there is no other way to put one in. */

type Child = Node | string | null | undefined | false;
type Props = Record<string, string | number | boolean | EventListener | undefined>;
type Tag = keyof HTMLElementTagNameMap;
type Made<Spec> = Spec extends Tag
  ? HTMLElementTagNameMap[Spec]
  : Spec extends `${infer Name extends Tag}.${string}`
    ? HTMLElementTagNameMap[Name]
    : never;

/**
 * An element, by its name and classes, such as `p.meta`. The classes are its parts too, for the page's style.
 * `on…` properties are listeners, true sets an attribute without value, false and undefined leave it out.
 */
export function h<Spec extends Tag | `${Tag}.${string}`>(
  spec: Spec,
  props?: Props | Child,
  ...children: Child[]
): Made<Spec> {
  const [name, classes] = spec.split(".") as [Tag, string?];
  const made = document.createElement(name);
  const child = props instanceof Node || typeof props === "string";
  const all: Props = { class: classes, part: classes, type: name === "button" && name, ...(!child && props) };
  for (const [key, value] of Object.entries(all)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...[child && props, ...children].filter((each): each is Node | string => !!each));
  return made as Made<Spec>;
}

const SVG = "http://www.w3.org/2000/svg";
/** Outlines on a grid of 24. */
const ICONS = {
  chat: "M4 5h16v11H11l-4.5 4v-4H4zM8 9h8M8 12.5h5",
  bolt: "M13 3 5 13.5h6L10 21l8.5-10.5h-6z",
  close: "M6 6l12 12M18 6 6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 20V5M5.5 11 12 4.5 18.5 11",
  photo: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 10a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4",
  place: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5c.8-4 3.6-6 7.5-6s6.7 2 7.5 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  alert: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2h.01",
  thumb: "M7 11l4-7.5c1.5 0 2.5 1 2.3 2.5L12.8 9.5h5.4c1.3 0 2.2 1.2 1.9 2.5l-1.4 6c-.3 1.2-1.3 2-2.5 2H3.5v-9H7v9",
} as const;

/** A drawing that says nothing to screen readers: the control around it has the name. */
export function icon(name: keyof typeof ICONS): SVGSVGElement {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("class", `icon i-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}

/** A button of one drawing, named for everybody. */
export function iconButton(
  name: keyof typeof ICONS,
  label: string,
  onclick: () => void,
  props: Props = {},
): HTMLButtonElement {
  return h("button.tool", { "aria-label": label, title: label, onclick, ...props }, icon(name));
}
