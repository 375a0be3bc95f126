// @ts-check
// A cell's editor: CodeMirror in the page's own colours. Loaded when the first cell is opened.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** @param {string} name */
const colour = (name) => `var(--md-code-hl-${name}-color)`;

const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: colour("comment") },
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword], color: colour("keyword") },
  { tag: [tags.string, tags.special(tags.string)], color: colour("string") },
  { tag: tags.number, color: colour("number") },
  { tag: [tags.bool, tags.null], color: colour("constant") },
  { tag: [tags.definition(tags.function(tags.variableName)), tags.definition(tags.className)], color: colour("function") },
  { tag: tags.meta, color: colour("special") },
]);

const LOOK = EditorView.theme({
  "&": { color: "var(--md-code-fg-color)", backgroundColor: "var(--md-code-bg-color)", fontSize: "0.85em" },
  "&.cm-focused": { outline: "0.1rem solid var(--md-typeset-a-color)" },
  ".cm-scroller": { fontFamily: "var(--md-code-font-family)", lineHeight: "1.4" },
  ".cm-content": { padding: "0.77em 0", caretColor: "var(--md-default-fg-color)" },
  ".cm-line": { padding: "0 1.18em" },
  ".cm-cursor": { borderLeftColor: "var(--md-default-fg-color)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--md-code-hl-color--light)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--md-code-hl-color--light)" },
});

const WAYS = [
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  indentUnit.of("    "),
  EditorState.tabSize.of(4),
  python(),
  syntaxHighlighting(COLOURS),
  LOOK,
  keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
];

/**
 * @param {{text: string, label: string, keys: Record<string, () => void>, changed: () => void}} settings
 *     keys: what some keys do instead of what an editor does with them
 */
export function editor({ text, label, keys, changed }) {
  const own = Object.entries(keys).map(([key, act]) => ({ key, run: () => (act(), true) }));
  return new EditorView({
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of(own)),
        ...WAYS,
        // it can be reached as it is; the tabindex says so to tools that do not see it
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && changed()),
      ],
    }),
  });
}

/** @typedef {EditorView} Editor */
