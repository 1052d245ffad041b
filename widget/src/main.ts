/** The script: it defines <plugdesk-chat>, creates one where its tag asks for it, and sets the one global. */

import { PlugdeskChat, type TokenRequest } from "./element";
import type { Situation } from "./types";

const NAME = "plugdesk-chat";
/** In the address of the page, for links and QR codes: the chat opens at this station. */
const STATION = "plugdesk-station";

type Handler = (detail: unknown) => unknown;

function chat(): PlugdeskChat | null {
  return document.querySelector<PlugdeskChat>(NAME);
}

/** Runs `act` on the chat, or once there is one. */
function withChat(act: (chat: PlugdeskChat) => void): void {
  const there = chat();
  if (there?.shadowRoot) act(there);
  else document.addEventListener("plugdesk-ready", () => withChat(act), { once: true });
}

const Plugdesk = {
  open: (): void => withChat((each) => each.open()),
  close: (): void => withChat((each) => each.close()),
  identify: (token?: string | null): void => withChat((each) => void each.identify(token)),
  setContext: (situation: Situation | null): void => withChat((each) => each.setContext(situation)),
  /**
   * Calls `handler` with the detail of each event, such as `open`; returns what ends it. What a handler of `token`
   * returns is the new token.
   */
  on(name: string, handler: Handler): () => void {
    const listener = (event: Event) => {
      const { detail } = event as CustomEvent<unknown>;
      const answer = handler(detail);
      if (name === "token" && answer) (detail as TokenRequest).renew(answer as string);
    };
    document.addEventListener(`plugdesk-${name}`, listener);
    return () => document.removeEventListener(`plugdesk-${name}`, listener);
  },
};

const script = document.currentScript as HTMLScriptElement | null;
// The script may lie below a path, where a proxy keeps Plugdesk together with other things.
if (script?.src) PlugdeskChat.server = new URL(".", script.src).href;

if (!customElements.get(NAME)) {
  customElements.define(NAME, PlugdeskChat);
  Object.assign(window, { Plugdesk });
  const settings = { ...script?.dataset };
  if (Object.keys(settings).length) whenReady(() => create(settings));
  whenReady(station);
}

function whenReady(act: () => void): void {
  if (document.body) act();
  else document.addEventListener("DOMContentLoaded", act, { once: true });
}

function create(settings: DOMStringMap): void {
  const made = document.createElement(NAME);
  for (const [name, value] of Object.entries(settings)) {
    made.setAttribute(
      name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      value ?? "",
    );
  }
  document.body.append(made);
}

/** A link may name a station, in its query or behind the hash. */
function station(): void {
  const found = new URLSearchParams(location.search + location.hash.replace("#", "&")).get(STATION);
  if (!found) return;
  withChat((each) => {
    each.setAttribute("station-id", found);
    each.open();
  });
}
