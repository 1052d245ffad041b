"""What of a page is its article: everything around it is taken out of the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from indexer.importers.rules import Rules
from indexer.importers.tree import Node

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TOGGLES = ("aria-controls", "aria-expanded", "data-toggle", "data-bs-toggle", "data-target", "data-bs-target")
_MAY_BE_NAVIGATION = frozenset(("ul", "ol", "div", "section", "table", "p", "td", "center"))
_DRESSED = frozenset(("button", "btn", "cta"))
QUESTION = "question"
"""The tag that a question gets: what opens the answer under it, whatever the page used for it."""
FEWEST_LETTERS_OF_A_QUESTION = 6


@dataclass(frozen=True)
class Pruned:
    """The part of a page that holds its article. ``beside``: texts that were given up because of where they stood."""

    main: Node
    beside: tuple[str, ...] = ()


def pruned(root: Node, rules: Rules) -> Pruned:
    """The part of the page that holds its article, with nothing in it that is not the article's."""
    body = root.first("body") or root
    _Questions(rules).mark(body)
    _Pruner(rules, body).prune(body)
    main = _main(body, rules)
    if main is None:
        return _around_the_title(body, rules)
    if not any(node.tag == "h1" for node in main.walk()):
        # A title often stands beside the article, in a box of its own.
        title = body.first("h1")
        if title is not None and title.text:
            main.children.insert(0, title)
    return Pruned(main)


class _Questions:
    """Finds what opens an answer: a button, a summary, the term of a list, a heading that can be pressed."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def mark(self, parent: Node) -> None:
        self._name_tabs(parent)
        for node in parent.walk():
            elements = node.elements
            for place, element in enumerate(elements):
                following = elements[place + 1] if place + 1 < len(elements) else None
                if self._asks(element, following, node):
                    element.tag = QUESTION
                    element.attributes.pop("role", None)
                    self._reveal(following)
                elif element.tag in _HEADINGS and any(each.tag == "button" for each in element.walk()):
                    self._reveal(following)

    def _name_tabs(self, parent: Node) -> None:
        """The label of a tab stands far from its panel: it becomes the question that the panel answers."""
        labels = {each.attributes.get("aria-controls", ""): each for each in parent.walk() if each.role == "tab"}
        for node in parent.walk():
            label = labels.get(node.attributes.get("id", ""))
            if label is not None and node.role == "tabpanel":
                node.children.insert(0, Node(QUESTION, {}, [label.text]))
                _show(node)

    def _asks(self, element: Node, following: Node | None, parent: Node) -> bool:
        if element.tag == "summary":
            return True
        if element.tag == "dt":
            return following is not None and following.tag == "dd"
        pressed = (
            element.tag == "button"
            or element.role == "button"
            or (element.tag == "a" and any(name in element.attributes for name in _TOGGLES))
        )
        if not pressed or element.letters < FEWEST_LETTERS_OF_A_QUESTION:
            return False
        if parent.tag in _HEADINGS:
            return True
        if any(name in element.attributes for name in _TOGGLES) or self._rules.question_words & {*element.words}:
            return True
        # Pages with meaningless class names: a button, and right after it a text longer than its own label.
        return following is not None and following.letters > element.letters and following.linked_letters == 0

    def _reveal(self, panel: Node | None) -> None:
        """The answer is hidden only until somebody asks."""
        if panel is not None:
            _show(panel)


def _show(node: Node) -> None:
    node.attributes.pop("hidden", None)
    node.attributes.pop("aria-hidden", None)
    node.attributes.pop("style", None)


class _Pruner:
    def __init__(self, rules: Rules, body: Node) -> None:
        self._rules, self._all = rules, max(body.letters, 1)
        self._controlled = {
            name.lstrip("#")
            for node in body.walk()
            if node.tag == QUESTION
            for key in (*_TOGGLES, "href")
            for name in node.attributes.get(key, "").split()
        }

    def prune(self, node: Node) -> None:
        kept: list[Node | str] = []
        for child in node.children:
            if isinstance(child, str):
                kept.append(child)
            elif self._stays(child) and not _calls_to_act(child, node):
                self.prune(child)
                kept.append(child)
            else:
                # What stood before and after must not become one word.
                kept.append(" ")
        node.children = kept

    def _stays(self, node: Node) -> bool:
        rules = self._rules
        if node.tag in rules.never:
            return False
        if node.tag == "button" or (node.tag != QUESTION and node.role == "button"):
            return False
        if node.tag in _HEADINGS or node.tag == QUESTION:
            return True
        if self._hidden(node):
            return False
        holds_most = node.letters > self._all * 0.5 or node.first("h1") is not None
        if node.tag in ("header", "footer", "aside", "form") and not holds_most:
            return node.tag == "aside" and not self._furniture(node) and not _mostly_links(node, rules)
        if (self._furniture(node) or node.role in rules.roles) and not holds_most:
            return False
        return not (node.tag in _MAY_BE_NAVIGATION and _navigation(node, rules))

    def _hidden(self, node: Node) -> bool:
        attributes = node.attributes
        hidden = "hidden" in attributes or attributes.get("aria-hidden") == "true"
        if not hidden and not _HIDDEN.search(attributes.get("style", "")):
            return False
        if attributes.get("id") in self._controlled or self._rules.panel_words & {*node.words}:
            _show(node)
            return False
        return True

    def _furniture(self, node: Node) -> bool:
        words = node.words
        if not words or self._rules.unless & {*words}:
            return False
        if self._rules.words & {*words}:
            return True
        joined = f" {' '.join(words)} "
        return any(f" {phrase} " in joined for phrase in self._rules.phrases)


def _calls_to_act(node: Node, parent: Node) -> bool:
    """A link that is dressed as a button and stands alone; within a sentence it is part of it."""
    return node.tag == "a" and bool(_DRESSED & {*node.words}) and node.letters == parent.letters


def _mostly_links(node: Node, rules: Rules) -> bool:
    return node.linked_letters > rules.limits.links * max(node.letters, 1)


def _navigation(node: Node, rules: Rules) -> bool:
    """Several links one after another, and hardly a word between them."""
    links = [each for each in node.walk() if each.tag == "a"]
    if len(links) < 2 or any(each.tag == QUESTION for each in node.walk()):
        return False
    linked = sum(each.letters for each in links)
    return linked > rules.limits.links * max(node.letters, 1)


def _around_the_title(body: Node, rules: Rules) -> Pruned:
    """The smallest element with the title that holds most of the text, with its likes beside it.

    A column at the side is short and an element of another kind; the parts that a page builder makes of an article are
    alike, and a part of some length is never given up.
    """
    whole = body.letters
    path = _path_to_title(body)
    for parent, node in reversed(list(pairwise(path))):
        beside = [each for each in parent.elements if _kind(each) != _kind(node) and each.letters]
        short = all(each.letters <= rules.limits.beside_share * whole for each in beside)
        if node.letters >= rules.limits.article_share * whole and short:
            kept = [each for each in parent.children if each not in beside]
            return Pruned(Node("div", {}, kept), tuple(each.text for each in beside))
    return Pruned(body)


def _kind(node: Node) -> tuple[str, str | None, bool]:
    return node.tag, node.attributes.get("class"), "id" in node.attributes


def _path_to_title(node: Node) -> list[Node]:
    """The elements from ``node`` down to the first heading of the first level; without one, ``node`` alone."""
    for child in node.elements:
        if child.tag == "h1":
            return [node]
        below = _path_to_title(child)
        if len(below) > 1 or any(each.tag == "h1" for each in child.elements):
            return [node, *below]
    return [node]


def _main(body: Node, rules: Rules) -> Node | None:
    """The element that holds the article, where the page says which."""
    whole = body.letters
    for wanted in rules.mains:
        kind, _, name = wanted.partition("=")
        found = [node for node in body.walk() if _is(node, kind, name)]
        # Several of a kind are a list of articles, or parts of one: then the page as a whole is taken.
        if len(found) == 1 and found[0].letters >= rules.limits.main_share * whole:
            return found[0]
    return None


def _is(node: Node, kind: str, name: str) -> bool:
    if kind == "tag":
        return node.tag == name
    if kind == "class":
        return name in node.attributes.get("class", "").split()
    return node.attributes.get(kind, "").strip() == name
