// Makes the panel's pages live. They work without it, one page after the other.
import { watchAnswers } from "./answers";
import { watchCanned } from "./canned";
import { keepDrafts, restoreDrafts } from "./drafts";
import { watchForms } from "./forms";
import { watchLazy } from "./fragments";
import { watchKeys } from "./keys";
import { watchMenus } from "./menus";
import { showKept } from "./notices";
import { watchSession } from "./session";
import { follow } from "./stream";
import { watchThread } from "./thread";

restoreDrafts(document);
keepDrafts();
watchForms();
watchKeys();
watchMenus();
watchSession();
showKept();
follow();
watchLazy();
watchAnswers();
watchCanned();
watchThread();
