import { useSyncExternalStore } from "react";
import { createStoredValue, useStored } from "../ui/stored-value.ts";

/** What a reader may choose; without a choice the device decides. */
type EditorChoice = "full" | "plain" | "device";

const CHOICES: readonly EditorChoice[] = ["full", "plain", "device"];

export const storedChoice = createStoredValue<EditorChoice>({
  key: "editor",
  fallback: "device",
  parse: (stored) => CHOICES.find((choice) => choice === stored),
});

/** A phone: Monaco fights with its keyboard and its selection handles. */
const PHONE = "(pointer: coarse) and (max-width: 767px)";

function watchPhone(listener: () => void) {
  const phone = matchMedia(PHONE);
  phone.addEventListener("change", listener);
  return () => phone.removeEventListener("change", listener);
}

/** True when the plain editor is to be shown: by the reader's choice, else on phones. */
export function useIsPlainChosen(): boolean {
  const choice = useStored(storedChoice);
  const isPhone = useSyncExternalStore(
    watchPhone,
    () => matchMedia(PHONE).matches,
    () => false,
  );
  return choice === "device" ? isPhone : choice === "plain";
}
