/** The server's REST interface: one method a request. No cookies, no credentials; the conversation's id is the key. */

import type { Outgoing, Reply, Said } from "./types";

/** Milliseconds. */
const PATIENCE = 20_000;

/** The server answered, and refused. */
export class Refused extends Error {
  /** `wait`: milliseconds that the server asks to wait, if it does. */
  constructor(
    readonly status: number,
    readonly wait?: number,
  ) {
    super(`refused with ${status}`);
  }

  /** Whether the server has no such address: it is older than this widget. */
  get unknown(): boolean {
    return this.status === 404 || this.status === 405;
  }

  /** Whether the same request may be taken later: 409 asks for just that. */
  get passing(): boolean {
    return this.status >= 500 || [408, 409, 425, 429].includes(this.status);
  }
}

/** What is said of the driver when a conversation starts. */
export interface Beginning {
  locale?: string;
  vendor?: string;
  country?: string;
  timezone?: string;
  token?: string;
  context?: WireContext;
}

export interface WireContext {
  station_id?: string;
  error_code?: string;
  screen?: string;
  locale?: string;
}

interface Page {
  messages: Said[];
  next_after?: number | null;
}

export class Api {
  /** `server`: an origin, maybe with a path, without a slash at its end. */
  constructor(readonly server: string) {}

  async start(beginning: Beginning): Promise<string> {
    return (await this.json<{ id: string }>("POST", "", beginning)).id;
  }

  send(id: string, { text, client_id, choice, photos, position }: Outgoing): Promise<Reply> {
    return this.json<Reply>("POST", `/${id}/messages`, { text, client_id, choice, photos, position });
  }

  messages(id: string, after: number): Promise<Page> {
    return this.json<Page>("GET", `/${id}/messages?limit=500&after=${after}`);
  }

  /** Says `what` of the conversation anew: its identity or its context. */
  async put(id: string, what: "identity" | "context", body: object): Promise<void> {
    await this.request("PUT", `/${id}/${what}`, body);
  }

  async feedback(id: string, reply: string, helped: boolean): Promise<void> {
    await this.request("POST", `/${id}/feedback`, { reply, helped });
  }

  async rate(id: string, stars: number, comment: string): Promise<void> {
    await this.request("POST", `/${id}/rating`, comment ? { stars, comment } : { stars });
  }

  transcript(id: string): string {
    return this.address(`/${id}/transcript`);
  }

  stream(id: string, after: number): string {
    return this.address(`/${id}/stream?after=${after}`);
  }

  photo(id: string, photo: string): string {
    return this.address(`/${id}/photos/${photo}`);
  }

  /** A picture of an article; null where the path leads elsewhere. */
  picture(path: string): string | null {
    return /^\/(?![/\\])/.test(path) ? this.server + path : null;
  }

  async upload(id: string, data: Blob): Promise<string> {
    return (await this.json<{ id: string }>("POST", `/${id}/photos`, data)).id;
  }

  private address(path: string): string {
    return `${this.server}/v1/conversations${path}`;
  }

  private async json<T>(method: string, path: string, body?: object): Promise<T> {
    return (await (await this.request(method, path, body)).json()) as T;
  }

  private async request(method: string, path: string, body?: object): Promise<Response> {
    const photo = body instanceof Blob;
    const response = await fetch(this.address(path), {
      method,
      credentials: "omit",
      signal: AbortSignal.timeout(photo ? PATIENCE * 6 : PATIENCE),
      ...(body && {
        headers: { "Content-Type": photo ? body.type || "image/heic" : "application/json" },
        body: photo ? body : JSON.stringify(body),
      }),
    });
    if (response.ok) return response;
    throw new Refused(response.status, Number(response.headers.get("Retry-After")) * 1000 || undefined);
  }
}
