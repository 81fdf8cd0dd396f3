/**
 * The page's tokens as Monaco's theme. Monaco wants colours as #rrggbb and knows no custom
 * properties, so they are read from the page as it is now, and again when its theme changes. (Both
 * at once cannot be read: the build turns light-dark() into something that the root decides.)
 */
import type { editor } from "monaco-editor/editor";

type Scheme = "light" | "dark";
type ColourOf = (token: string) => string;

/** The names under which Monaco has them. */
export const THEME_NAMES = { light: "steady-light", dark: "steady-dark" } as const;

/** Which of the two the page shows now, whoever chose it: reader, device or print. */
export function schemeOf(root: HTMLElement = document.documentElement): Scheme {
  const chosen = root.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Calls back whenever the page's theme may have changed; returns how to stop. */
export function watchScheme(listener: () => void): () => void {
  const device = matchMedia("(prefers-color-scheme: dark)");
  device.addEventListener("change", listener);
  const reader = new MutationObserver(listener);
  reader.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    device.removeEventListener("change", listener);
    reader.disconnect();
  };
}

/** Reads the page's tokens as they are now. */
export function readTheme(scheme: Scheme): editor.IStandaloneThemeData {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const colourOf: ColourOf = (token) => {
    probe.style.color = `var(--${token})`;
    return hexOf(getComputedStyle(probe).color);
  };
  const theme = themeOf(scheme, colourOf);
  probe.remove();
  return theme;
}

/** "rgb(27, 31, 36)", with or without alpha, as "#1b1f24". Refuses other notations loudly. */
export function hexOf(colour: string): string {
  const parts = /^rgba?\((\d+),? (\d+),? (\d+)/.exec(colour);
  if (parts === null) throw new Error(`no colour that Monaco can be told: ${colour}`);
  return `#${parts
    .slice(1, 4)
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join("")}`;
}

/** One accent, amber for what needs a look, and no other colour but those of the code. */
function themeOf(scheme: Scheme, colourOf: ColourOf): editor.IStandaloneThemeData {
  const [ink, soft, faint] = [colourOf("ink"), colourOf("ink-soft"), colourOf("ink-faint")];
  const [ground, sunk] = [colourOf("paper-raised"), colourOf("paper-sunk")];
  const [hairline, edge] = [colourOf("hairline"), colourOf("edge")];
  const [accent, wash] = [colourOf("accent"), colourOf("accent-wash")];
  const look = colourOf("look");
  const none = "#00000000";
  const rule = (token: string, colour: string) => ({ token, foreground: colour.slice(1) });
  return {
    base: scheme === "dark" ? "vs-dark" : "vs",
    inherit: true,
    rules: [
      rule("", ink),
      rule("keyword", colourOf("code-keyword")),
      rule("string", colourOf("code-string")),
      rule("string.escape", colourOf("code-string")),
      rule("regexp", colourOf("code-string")),
      rule("number", colourOf("code-number")),
      rule("comment", colourOf("code-comment")),
      rule("comment.doc", colourOf("code-comment")),
      rule("type", ink),
      rule("identifier", ink),
      rule("delimiter", ink),
      rule("string.key.json", colourOf("code-string")),
      rule("string.value.json", colourOf("code-string")),
      rule("keyword.json", colourOf("code-keyword")),
    ],
    colors: {
      foreground: ink,
      descriptionForeground: soft,
      "icon.foreground": soft,
      focusBorder: accent,
      "selection.background": `${accent}40`,
      "editor.background": ground,
      "editor.foreground": ink,
      "editorLineNumber.foreground": faint,
      "editorLineNumber.activeForeground": soft,
      "editorCursor.foreground": accent,
      "editor.selectionBackground": `${accent}38`,
      "editor.inactiveSelectionBackground": `${accent}1f`,
      "editor.selectionHighlightBackground": `${accent}1f`,
      "editor.wordHighlightBackground": `${accent}1a`,
      "editor.wordHighlightStrongBackground": `${accent}29`,
      "editor.wordHighlightTextBackground": `${accent}1a`,
      "editor.lineHighlightBackground": sunk,
      "editor.lineHighlightBorder": none,
      "editor.findMatchBackground": `${look}59`,
      "editor.findMatchHighlightBackground": `${look}2e`,
      "editorBracketMatch.background": `${accent}1f`,
      "editorBracketMatch.border": `${accent}66`,
      "editorIndentGuide.background1": hairline,
      "editorWhitespace.foreground": edge,
      "editorError.foreground": look,
      "editorWarning.foreground": look,
      "editorInfo.foreground": accent,
      "editorHint.foreground": faint,
      "editorMarkerNavigation.background": ground,
      "editorMarkerNavigationError.background": look,
      "editorWidget.background": ground,
      "editorWidget.foreground": ink,
      "editorWidget.border": edge,
      "editorHoverWidget.background": ground,
      "editorHoverWidget.foreground": ink,
      "editorHoverWidget.border": edge,
      "editorHoverWidget.statusBarBackground": sunk,
      "editorSuggestWidget.background": ground,
      "editorSuggestWidget.foreground": ink,
      "editorSuggestWidget.border": edge,
      "editorSuggestWidget.selectedBackground": wash,
      "editorSuggestWidget.selectedForeground": ink,
      "editorSuggestWidget.selectedIconForeground": ink,
      "editorSuggestWidget.highlightForeground": accent,
      "editorSuggestWidget.focusHighlightForeground": accent,
      "list.hoverBackground": sunk,
      "list.activeSelectionBackground": wash,
      "list.activeSelectionForeground": ink,
      "list.focusBackground": wash,
      "list.focusForeground": ink,
      "list.highlightForeground": accent,
      "quickInput.background": ground,
      "quickInput.foreground": ink,
      "quickInputList.focusBackground": wash,
      "quickInputList.focusForeground": ink,
      "pickerGroup.foreground": accent,
      "input.background": ground,
      "input.foreground": ink,
      "input.border": edge,
      "input.placeholderForeground": faint,
      "inputValidation.infoBackground": ground,
      "inputValidation.infoForeground": ink,
      "inputValidation.infoBorder": edge,
      "inputOption.activeBackground": wash,
      "inputOption.activeForeground": ink,
      "inputOption.activeBorder": accent,
      "textLink.foreground": accent,
      "textLink.activeForeground": accent,
      "textCodeBlock.background": sunk,
      "textPreformat.foreground": ink,
      "textPreformat.background": sunk,
      "menu.background": ground,
      "menu.foreground": ink,
      "menu.border": edge,
      "menu.selectionBackground": wash,
      "menu.selectionForeground": ink,
      "menu.separatorBackground": hairline,
      "widget.border": edge,
      "widget.shadow": scheme === "dark" ? "#0000004d" : "#1b1f2414",
      "scrollbar.shadow": none,
      "scrollbarSlider.background": `${edge}59`,
      "scrollbarSlider.hoverBackground": `${edge}8c`,
      "scrollbarSlider.activeBackground": `${edge}b3`,
      "editorOverviewRuler.border": none,
      "editorGutter.background": ground,
      // What is not used is paler, and still 4.5 to 1.
      "editorUnnecessaryCode.opacity": "#000000b8",
      "peekView.border": accent,
      "peekViewEditor.background": sunk,
      "peekViewResult.background": ground,
      "peekViewTitle.background": ground,
      "peekViewTitleLabel.foreground": ink,
      "peekViewTitleDescription.foreground": soft,
    },
  };
}
