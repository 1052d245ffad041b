// Makes the panel's pages live. They work without it, one page after the other.
import { keepDrafts, restoreDrafts } from "./drafts";
import { watchForms } from "./forms";
import { watchKeys } from "./keys";
import { watchMenus } from "./menus";
import { showKept } from "./notices";
import { watchSession } from "./session";
import { follow } from "./stream";

restoreDrafts(document);
keepDrafts();
watchForms();
watchKeys();
watchMenus();
watchSession();
showKept();
follow();
