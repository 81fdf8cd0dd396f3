import styles from "./template-list.module.css";
import type { TemplateView } from "./template-view.ts";

interface TemplateListProps {
  readonly templates: readonly TemplateView[];
  readonly chosenId: string;
  onChoose(id: string): void;
}

/** The templates, one of which is on the bench. Radio buttons beneath, so the keys are the browser's. */
export function TemplateList({ templates, chosenId, onChoose }: TemplateListProps) {
  return (
    <fieldset className={styles["list"]}>
      <legend className={styles["legend"]}>Begin with</legend>
      {templates.map(({ id, title, about }) => (
        <label key={id} className={styles["template"]} data-chosen={id === chosenId || undefined}>
          <input
            type="radio"
            name="template"
            className={styles["input"]}
            checked={id === chosenId}
            aria-describedby={`about-${id}`}
            onChange={() => onChoose(id)}
          />
          <span className={styles["title"]}>{title}</span>
          <span className={styles["about"]} id={`about-${id}`}>
            {about}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
