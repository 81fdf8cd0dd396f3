/**
 * The mark: a line that is disturbed, rings twice and settles. Drawn in the current colour;
 * app/icon.svg holds the same path.
 */
const MARK_PATH =
  "M2 16h5.4C9.6 16 9.8 5 12 5s2.4 18 4.6 18 2.2-12 4.2-12 2 7.4 3.8 7.4S26.2 16 28 16h2";

export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <path
        d={MARK_PATH}
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
