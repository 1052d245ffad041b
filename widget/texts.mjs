// Writes src/generated.ts: the texts of all languages, and where each stands in them.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

const folder = new URL("src/texts/", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const keys = Object.keys(read("en.json"));
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .sort();
const tables = names.map((name) => [basename(name, ".json"), keys.map((key) => read(name)[key]).join("|")]);
writeFileSync(
  new URL("src/generated.ts", import.meta.url),
  `/* Made by texts.mjs. */
export const enum Key {
${keys.map((key) => `  ${key},`).join("\n")}
}

/** By language: its texts, parted by a bar. */
export const tables: Record<string, string> = ${JSON.stringify(Object.fromEntries(tables), null, 2)};
`,
);
