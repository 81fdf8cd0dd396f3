/**
 * The software rasteriser of the stage's dots: glyphs cut once into spans, written word by word
 * into one buffer, shown by one `putImageData` a frame.
 *
 * Without a graphics processor this draws ten thousand distinct, antialiased marks in a few
 * milliseconds, where SVG gives up at one thousand (docs: flow, measurements). Geometry uses only
 * + − × ÷ and comparisons, blending only integers, so a frame's hash is the same in every engine.
 */

import { SIGNAL } from "../../workers/kernel/trace.ts";
import { packed, type Shape, STAGE, toneOf } from "./palette.ts";
import { BAR, GLYPH, RING_STEPS, type Scene } from "./scene.ts";

/** Sub-pixel positions each way for which a glyph is cut. */
const PHASES = 4;
/** Samples each way within a pixel when a glyph is cut. */
const SAMPLES = 8;

const RADIUS_LARGE = 5;
const RADIUS_SMALL = 4;
const RING_OUTER = 13.5;
const RING_INNER = 11;

/** The colour of a bar: a mailbox's depth, or the ribbon of a signal. */
function barColour(bar: number): number {
  return packed(bar >= BAR.ribbon ? toneOf(bar - BAR.ribbon).colour : toneOf(SIGNAL.call).colour);
}

/** A glyph at one sub-pixel position: full pixels, then edge pixels with their cover (1–254). */
interface Sprite {
  readonly full: Int32Array;
  readonly edge: Int32Array;
  readonly cover: Uint8Array;
  /** What an edge pixel becomes over nothing. */
  readonly edgeWords: Int32Array;
  /** The same pixels as dx, dy pairs, for when the glyph hangs over the border. */
  readonly fullSteps: Int16Array;
  readonly edgeSteps: Int16Array;
  readonly reach: number;
  readonly colour: number;
}

export class Raster {
  readonly width: number;
  readonly height: number;
  /** Device pixels in a CSS pixel. */
  readonly scale: number;
  /** Pixels as 0xAABBGGRR, not premultiplied: the memory order of ImageData on little-endian machines. */
  readonly words: Uint32Array;
  readonly bytes: Uint8ClampedArray<ArrayBuffer>;
  /** The same memory as signed numbers, which engines keep in registers where they box unsigned ones. */
  readonly #pixels: Int32Array;
  readonly #sprites: (Sprite | undefined)[] = [];

  /** `width` and `height` in device pixels. */
  constructor(width: number, height: number, scale: number) {
    this.width = width;
    this.height = height;
    this.scale = scale;
    const memory = new ArrayBuffer(width * height * 4);
    this.words = new Uint32Array(memory);
    this.bytes = new Uint8ClampedArray(memory);
    this.#pixels = new Int32Array(memory);
  }

  clear(word = 0): void {
    this.words.fill(word);
  }

  /** Draws a glyph (see `GLYPH`) with its middle at a point in CSS pixels. */
  dot(glyph: number, x: number, y: number): void {
    const snap = glyph >= GLYPH.select;
    const qx = Math.floor(x * this.scale * PHASES + 0.5);
    const qy = Math.floor(y * this.scale * PHASES + 0.5);
    const phase = snap ? 0 : (qy & 3) * PHASES + (qx & 3);
    const key = glyph * PHASES * PHASES + phase;
    let sprite = this.#sprites[key];
    if (sprite === undefined) {
      sprite = cut(glyph, snap ? 0 : qx & 3, snap ? 0 : qy & 3, this.scale, this.width);
      this.#sprites[key] = sprite;
    }
    const px = qx >> 2;
    const py = qy >> 2;
    const r = sprite.reach;
    if (px < r || py < r || px + r >= this.width || py + r >= this.height) {
      this.#clipped(sprite, px, py);
      return;
    }
    const { full, edge, edgeWords, colour } = sprite;
    const pixels = this.#pixels;
    const base = py * this.width + px;
    for (let i = 0; i < full.length; i++) pixels[base + (full[i] as number)] = colour;
    for (let i = 0; i < edge.length; i++) {
      const at = base + (edge[i] as number);
      const under = pixels[at] as number;
      pixels[at] =
        under === 0 ? (edgeWords[i] as number) : blend(under, colour, sprite.cover[i] as number);
    }
  }

  /** Fills a rectangle given in CSS pixels, on whole device pixels, cut off at the border. */
  bar(x: number, y: number, width: number, height: number, colour: number): void {
    const left = Math.max(0, Math.round(x * this.scale));
    const right = Math.min(this.width, Math.round((x + width) * this.scale));
    const top = Math.max(0, Math.round(y * this.scale));
    const bottom = Math.min(this.height, Math.round((y + height) * this.scale));
    if (right <= left) return;
    for (let row = top; row < bottom; row++) {
      this.words.fill(colour, row * this.width + left, row * this.width + right);
    }
  }

  /** FNV-1a over the words: the name of a frame. */
  hash(): number {
    let hash = 0x811c9dc5;
    for (const word of this.words) hash = Math.imul(hash ^ word, 0x01000193);
    return hash >>> 0;
  }

  #clipped(sprite: Sprite, px: number, py: number): void {
    const { fullSteps, edgeSteps, cover, colour } = sprite;
    for (let i = 0; i < fullSteps.length; i += 2) {
      const at = this.#inside(px + (fullSteps[i] as number), py + (fullSteps[i + 1] as number));
      if (at >= 0) this.words[at] = colour;
    }
    for (let i = 0; i < edgeSteps.length; i += 2) {
      const at = this.#inside(px + (edgeSteps[i] as number), py + (edgeSteps[i + 1] as number));
      if (at >= 0)
        this.words[at] = blend(this.words[at] as number, colour, cover[i >> 1] as number);
    }
  }

  #inside(x: number, y: number): number {
    return x >= 0 && y >= 0 && x < this.width && y < this.height ? y * this.width + x : -1;
  }
}

/** Draws a scene's bars and dots into a cleared raster; `selected` is a message to put a ring around. */
export function drawScene(raster: Raster, scene: Scene, selected = -1): void {
  raster.clear();
  const { bars, dots } = scene;
  for (let i = 0; i + 4 < bars.length; i += 5) {
    raster.bar(
      bars[i] as number,
      bars[i + 1] as number,
      bars[i + 2] as number,
      bars[i + 3] as number,
      barColour(bars[i + 4] as number),
    );
  }
  const { x, y, glyph, count, message } = dots;
  for (let i = 0; i < count; i++) raster.dot(glyph[i] as number, x[i] as number, y[i] as number);
  if (selected < 0) return;
  for (let i = 0; i < count; i++) {
    if (message[i] === selected) raster.dot(GLYPH.select, x[i] as number, y[i] as number);
  }
}

/**
 * `colour` laid over `under` with `cover` of 255. Over nothing it keeps its colour and takes the
 * cover as its alpha, so an edge never grows a dark fringe; over an opaque pixel every channel
 * lands between the two.
 */
export function blend(under: number, colour: number, cover: number): number {
  const alpha = under >>> 24;
  if (alpha === 0) return (colour & 0xffffff) | (cover << 24);
  if (alpha === 255) {
    // Red and blue in one multiplication: 255 × 256 fits in sixteen bits, so neither spills over.
    const part = cover + (cover >>> 7);
    const rest = 256 - part;
    const redBlue = (Math.imul(colour & 0xff00ff, part) + Math.imul(under & 0xff00ff, rest)) >>> 8;
    const green = (Math.imul(colour & 0xff00, part) + Math.imul(under & 0xff00, rest)) >>> 8;
    return (255 << 24) | (redBlue & 0xff00ff) | (green & 0xff00);
  }
  // Share of the new colour in the mix, and the alpha of the mix, both of 255.
  const out = cover + divide255(alpha * (255 - cover));
  const share = ((cover * 255) / out) | 0;
  const rest = 255 - share;
  const red = divide255((colour & 0xff) * share + (under & 0xff) * rest);
  const green = divide255(((colour >>> 8) & 0xff) * share + ((under >>> 8) & 0xff) * rest);
  const blue = divide255(((colour >>> 16) & 0xff) * share + ((under >>> 16) & 0xff) * rest);
  return (out << 24) | (blue << 16) | (green << 8) | red;
}

/** Division by 255, rounded, exact for products of two bytes. */
function divide255(value: number): number {
  return (value + 128 + ((value + 128) >>> 8)) >>> 8;
}

function cut(glyph: number, phaseX: number, phaseY: number, scale: number, stride: number): Sprite {
  const inside = outline(glyph);
  const span = glyph >= GLYPH.select ? RING_OUTER + 1 : RADIUS_LARGE * 1.3 + 1;
  const reach = Math.ceil(span * scale) + 1;
  const full: number[] = [];
  const edge: number[] = [];
  const cover: number[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      let hits = 0;
      for (let s = 0; s < SAMPLES * SAMPLES; s++) {
        const sx = dx - phaseX / PHASES + ((s % SAMPLES) + 0.5) / SAMPLES - 0.5;
        const sy = dy - phaseY / PHASES + (Math.floor(s / SAMPLES) + 0.5) / SAMPLES - 0.5;
        if (inside(sx / scale, sy / scale)) hits++;
      }
      if (hits === SAMPLES * SAMPLES) full.push(dx, dy);
      else if (hits > 0) {
        edge.push(dx, dy);
        cover.push(((hits * 255) / (SAMPLES * SAMPLES)) | 0);
      }
    }
  }
  const colour = colourOf(glyph);
  return {
    full: offsets(full, stride),
    edge: offsets(edge, stride),
    cover: Uint8Array.from(cover),
    edgeWords: Int32Array.from(cover, (share) => blend(0, colour, share)),
    fullSteps: Int16Array.from(full),
    edgeSteps: Int16Array.from(edge),
    reach,
    colour,
  };
}

function offsets(steps: readonly number[], stride: number): Int32Array {
  const found = new Int32Array(steps.length / 2);
  for (let i = 0; i < found.length; i++) {
    found[i] = (steps[i * 2 + 1] as number) * stride + (steps[i * 2] as number);
  }
  return found;
}

function colourOf(glyph: number): number {
  return packed(glyph >= GLYPH.select ? STAGE.strong : toneOf(glyph % 8).colour) | 0;
}

type Inside = (x: number, y: number) => boolean;

function outline(glyph: number): Inside {
  if (glyph === GLYPH.select) return annulus(8, 9.6);
  if (glyph >= GLYPH.ring) return ring((glyph - GLYPH.ring) / RING_STEPS);
  const radius = glyph >= GLYPH.small ? RADIUS_SMALL : RADIUS_LARGE;
  const shape = toneOf(glyph % 8).shape;
  const style = (glyph % 24) - (glyph % 8);
  if (style === GLYPH.lost) return cross(radius);
  const outer = solid(shape, radius);
  if (style !== GLYPH.hollow) return outer;
  const inner = solid(
    shape === "crossbox" ? "square" : shape,
    radius - (shape === "triangle" ? 2 : 1.4),
  );
  return (x, y) => outer(x, y) && !inner(x, y);
}

function solid(shape: Shape, r: number): Inside {
  switch (shape) {
    case "circle":
      return (x, y) => x * x + y * y <= r * r;
    case "square":
      return (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= r * 0.88;
    case "triangle":
      return (x, y) => y <= r * 0.8 && Math.abs(x) <= (y + r * 1.1) * 0.58;
    case "diamond":
      return (x, y) => Math.abs(x) + Math.abs(y) <= r * 1.22;
    case "crossbox": {
      const legs = cross(r);
      return (x, y) => {
        const far = Math.max(Math.abs(x), Math.abs(y));
        return far <= r && (far >= r - 1.2 || legs(x, y));
      };
    }
  }
}

function cross(r: number): Inside {
  return (x, y) =>
    Math.abs(Math.abs(x) - Math.abs(y)) <= 1.1 && Math.max(Math.abs(x), Math.abs(y)) <= r * 0.95;
}

function annulus(inner: number, outer: number): Inside {
  return (x, y) => {
    const away = x * x + y * y;
    return away <= outer * outer && away >= inner * inner;
  };
}

/** A share of a ring, clockwise from the top. */
function ring(share: number): Inside {
  const band = annulus(RING_INNER, RING_OUTER);
  if (share >= 1) return band;
  const end = turn(share);
  return (x, y) => {
    if (!band(x, y)) return false;
    const rightHalf = x >= 0;
    // Positive while the point comes before the end of the arc, going clockwise.
    const before = x * end.y - y * end.x >= 0;
    return share <= 0.5 ? rightHalf && before : rightHalf || before;
  };
}

/**
 * The direction a share of a turn clockwise from the top, without sine or cosine, whose last bits
 * engines may disagree on: an eighth of a turn by the half-angle formula, the rest by exact steps.
 */
function turn(share: number): { x: number; y: number } {
  const eighth = Math.floor(share * 8);
  const u = (share * 8 - eighth) * 0.41421356237;
  let x = (2 * u) / (1 + u * u);
  let y = -(1 - u * u) / (1 + u * u);
  for (let i = 0; i < eighth; i++) {
    const rotated = (x - y) * Math.SQRT1_2;
    y = (x + y) * Math.SQRT1_2;
    x = rotated;
  }
  return { x, y };
}
