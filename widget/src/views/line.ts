/** What a line of the conversation looks like, and what it needs to know. */

import type { Line, Talk } from "../talk";
import type { Texts } from "../texts";
import type { Outgoing } from "../types";

/** What the views of lines work with. */
export interface Scene {
  talk: Talk;
  texts: Texts;
  /** Puts the text of a message that was not sent back where it can be changed. */
  edit(item: Outgoing): void;
  /** The server takes no feedback or rating. */
  mute: Set<"feedback" | "rating">;
}

/** What a line cannot know by itself. */
export interface Surroundings {
  /** The driver has not said anything since. */
  open: boolean;
  /** Proposals that were answered. */
  answered: Set<string>;
  /** Photos that were sent before, and not yet with an earlier report. */
  photos: string[];
}

export interface LineView {
  node: HTMLElement;
  update(line: Line, around: Surroundings): void;
}
