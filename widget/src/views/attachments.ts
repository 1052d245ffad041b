/** The photos of the message that is being written: each is uploaded as soon as it is chosen. */

import { Key } from "../generated";
import { Refused } from "../api";
import { h, icon, iconButton } from "../dom";
import { MOST, NoPhoto, prepared } from "../photos";
import type { Talk } from "../talk";
import type { Texts } from "../texts";

interface Attachment {
  file: File;
  node: HTMLElement;
  id?: string;
}

export class Attachments {
  readonly node = h("ul.attachments", { hidden: true });
  private readonly all = new Set<Attachment>();

  /** `changed`: what can be sent has changed. `say`: a notice for the driver. */
  constructor(
    private readonly talk: Talk,
    private readonly texts: Texts,
    private readonly changed: () => void,
    private readonly say: (key: Key, values?: Record<string, number>) => void,
  ) {}

  get ready(): boolean {
    return [...this.all].every((each) => each.id);
  }

  /** The ids of the uploaded photos. */
  get ids(): string[] {
    return [...this.all].flatMap((each) => each.id ?? []);
  }

  clear(): void {
    this.all.clear();
    this.node.replaceChildren();
    this.refresh();
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      if (this.all.size >= MOST) return this.say(Key.photo_refused, { count: MOST });
      const attachment = { file, node: h("li.attachment") };
      this.all.add(attachment);
      this.node.append(attachment.node);
      void this.upload(attachment);
    }
    this.refresh();
  }

  private async upload(attachment: Attachment): Promise<void> {
    const { texts } = this;
    const bar = h("progress", { "aria-label": texts.say(Key.sending) });
    const picture = h("span.thumb", icon("photo"));
    attachment.node.className = "attachment";
    attachment.node.replaceChildren(picture, bar, this.removal(attachment));
    try {
      const { data, preview } = await prepared(attachment.file);
      if (preview) picture.replaceChildren(preview);
      const id = await this.talk.ensure();
      attachment.id = await this.talk.api.upload(id, data);
      bar.remove();
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", texts.say(Key.photo_alt));
    } catch (error) {
      const status = error instanceof Refused ? error.status : 0;
      if (error instanceof NoPhoto || status === 413 || status === 415) {
        this.drop(attachment);
        this.say(Key.photo_refused, { count: MOST });
        return;
      }
      const again = () => this.upload(attachment);
      const retry = h("button.retry", { onclick: () => void again() }, texts.say(Key.retry));
      bar.replaceWith(retry);
      attachment.node.classList.add("failed");
      this.say(Key.failed);
      // What the network broke it may mend.
      if (!status) addEventListener("online", () => retry.isConnected && void again(), { once: true });
    }
    this.refresh();
  }

  private removal(attachment: Attachment): HTMLButtonElement {
    return iconButton(
      "close",
      `${this.texts.say(Key.cancel)}: ${this.texts.say(Key.photo_alt)}`,
      () => this.drop(attachment),
      { class: "tool remove" },
    );
  }

  private drop(attachment: Attachment): void {
    this.all.delete(attachment);
    attachment.node.remove();
    this.refresh();
  }

  private refresh(): void {
    this.node.hidden = !this.all.size;
    this.changed();
  }
}
