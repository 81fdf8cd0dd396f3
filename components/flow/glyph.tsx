import { type Shape, toneOf } from "./palette.ts";

interface GlyphProps {
  readonly signal: number;
  readonly hollow?: boolean;
  /** CSS pixels; default 12. */
  readonly size?: number;
}

/** A message's mark as the stage draws it, for legends and lists. The word beside it names it. */
export function Glyph({ signal, hollow = false, size = 12 }: GlyphProps) {
  const { shape, colour } = toneOf(signal);
  const paint = hollow
    ? { fill: "none", stroke: colour, strokeWidth: 1.5 }
    : { fill: colour, stroke: "none" };
  return (
    <svg width={size} height={size} viewBox="-6 -6 12 12" aria-hidden="true" {...paint}>
      {outline(shape, hollow ? 4.2 : 4.8, colour)}
    </svg>
  );
}

function outline(shape: Shape, r: number, colour: string) {
  switch (shape) {
    case "circle":
      return <circle r={r} />;
    case "square":
      return <rect x={-r * 0.88} y={-r * 0.88} width={r * 1.76} height={r * 1.76} />;
    case "triangle":
      return <path d={`M0 ${-r * 1.1}L${r * 1.1} ${r * 0.8}H${-r * 1.1}Z`} />;
    case "diamond":
      return <path d={`M0 ${-r * 1.2}L${r * 1.2} 0L0 ${r * 1.2}L${-r * 1.2} 0Z`} />;
    case "crossbox":
      return (
        <path
          d={`M${-r} ${-r}H${r}V${r}H${-r}ZM${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}`}
          fill="none"
          stroke={colour}
          strokeWidth={1.3}
        />
      );
  }
}
