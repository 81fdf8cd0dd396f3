import styles from "./how-it-goes.module.css";

const STEPS = [
  ["Predict", "Say what will happen, before it does."],
  ["Run", "Follow every message, forwards and back."],
  ["Break", "Cut a wire, crash a node, send a crowd."],
  ["Fix", "Change the code in the page. It is TypeScript."],
  ["Measure", "Many seeded runs decide, not one lucky one."],
] as const;

/** What one does in every lesson, in order. */
export function HowItGoes() {
  return (
    <section className={styles["section"]} aria-label="How a lesson goes">
      <ol className={styles["steps"]}>
        {STEPS.map(([verb, words], index) => (
          <li key={verb} className={styles["step"]}>
            <span className={styles["number"]}>{index + 1}</span>
            <h2 className={styles["verb"]}>{verb}</h2>
            <p className={styles["words"]}>{words}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
