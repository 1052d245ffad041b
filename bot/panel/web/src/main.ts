// Makes the panel's pages live. They work without it, one page after the other.
import { keepDrafts, restoreDrafts } from "./drafts";
import { watchTimes } from "./fragments";
import { watchForms } from "./forms";
import { watchKeys } from "./keys";
import { watchLists } from "./lists";
import { watchMenus } from "./menus";
import { showKept } from "./notices";
import { watchSession } from "./session";
import { follow } from "./stream";
import { watchThread } from "./thread";
import { watchWaiting } from "./waiting";

restoreDrafts(document);
keepDrafts();
watchForms();
watchKeys();
watchLists();
watchMenus();
watchTimes();
watchWaiting();
watchSession();
showKept();
follow();
watchThread();
