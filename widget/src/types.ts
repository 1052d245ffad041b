/** What the server says, as far as the widget reads it (bot/types.py). Unknown fields are left alone. */

export interface Choice {
  kind: string;
  value: string;
}

export interface Origin {
  kind: "article" | "template" | "person";
  template?: string;
  /** Of the person who wrote it. */
  name?: string;
  /** The readings of source systems that stand in the part. */
  tools?: string[];
}

export interface Part {
  type: "text" | "heading" | "steps" | "picture" | "confirmation";
  text?: string;
  items?: string[];
  first?: number;
  src?: string;
  alt?: string;
  proposal?: string;
  action?: string;
  /** ISO 8601. */
  expires_at?: string;
  origin: Origin;
}

export interface QuickReply {
  label: string;
  choice: Choice;
}

export interface Source {
  article: string;
  title: string;
  language: string;
  /** A date in the reader's language. */
  updated: string;
}

export interface Reply {
  id: string;
  language: string;
  decision: string;
  parts: Part[];
  quick_replies: QuickReply[];
  sources: Source[];
  text: string;
  urgent?: boolean;
}

export interface Message {
  id: string;
  text: string;
  client_id?: string | null;
  choice?: Choice | null;
  attached?: { photos?: string[]; position?: [number, number] | null };
}

/** One line of the conversation; `number` grows, with gaps. */
export interface Said {
  number: number;
  at: string;
  message?: Message | null;
  reply?: Reply | null;
}

export interface Position {
  latitude: number;
  longitude: number;
}

/** What the host app knows of the driver's situation. */
export interface Situation {
  stationId?: string | null;
  errorCode?: string | null;
  screen?: string | null;
}

/** A message that waits to be sent. `client_id` stays the same until the server has answered. */
export interface Outgoing {
  client_id: string;
  text: string;
  choice?: Choice;
  photos?: string[];
  position?: Position;
  /** ISO 8601: when it was written. */
  at: string;
  /** Set where sending it again as it is would not help. */
  failed?: "failed" | "too_long";
}
