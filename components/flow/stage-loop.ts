/**
 * The one frame loop: moves the play-head and draws the dots, and rests when there is nothing to do.
 *
 * It runs only while the play-head plays or something has changed; off the screen it keeps time but
 * draws nothing. React never takes part in a frame.
 */

import { type Timer, timer } from "d3-timer";
import type { Playhead } from "../playback/playhead.ts";
import type { StageLayout } from "./layout.ts";
import { drawScene, Raster } from "./raster.ts";
import { createDots, type Dots, sceneAt, viewAt } from "./scene.ts";
import type { TraceIndex } from "./trace-index.ts";

/** Device pixels in a pixel of the drawing, at most: more costs time and shows no more of a small dot. */
const SCALE_MAX = 2;

/** What is to be drawn; replaced as a whole when it changes. */
export interface StagePicture {
  readonly index: TraceIndex;
  readonly layout: StageLayout;
  /** Position of the selected message in the index; -1 = none. */
  readonly selected: number;
}

export interface StageLoop {
  show(picture: StagePicture): void;
  setVisible(visible: boolean): void;
  /** The dots of the frame drawn last, for pointing at them. */
  readonly dots: Dots;
  /** Frames drawn so far. */
  readonly frameCount: number;
  stop(): void;
}

export function createStageLoop(canvas: HTMLCanvasElement, playhead: Playhead): StageLoop {
  const dots = createDots();
  const context = canvas.getContext("2d");
  let picture: StagePicture | undefined;
  let raster: Raster | undefined;
  let image: ImageData | undefined;
  let visible = true;
  let stale = false;
  let running: Timer | undefined;
  let frameCount = 0;

  function draw(): void {
    if (picture === undefined || context === null) return;
    const { index, layout, selected } = picture;
    const scale = Math.min(SCALE_MAX, (globalThis.devicePixelRatio || 1) * layout.zoom);
    const width = Math.max(1, Math.round(layout.width * scale));
    const height = Math.max(1, Math.round(layout.height * scale));
    if (raster?.width !== width || raster.height !== height || raster.scale !== scale) {
      raster = new Raster(width, height, scale);
      image = new ImageData(raster.bytes, width, height);
      canvas.width = width;
      canvas.height = height;
    }
    const { atUs, speed } = playhead.snapshot();
    index.extend();
    drawScene(raster, sceneAt(index, layout, atUs, viewAt(speed), dots), selected);
    if (image !== undefined) context.putImageData(image, 0, 0);
    frameCount++;
  }

  function frame(): void {
    playhead.advance();
    if (stale && visible) {
      stale = false;
      draw();
    }
    if (!playhead.snapshot().playing && (!stale || !visible)) rest();
  }

  function rest(): void {
    running?.stop();
    running = undefined;
  }

  function wake(): void {
    stale = true;
    running ??= timer(frame);
  }

  const forget = playhead.onFrame(wake);
  return {
    show(next) {
      picture = next;
      wake();
    },
    setVisible(next) {
      visible = next;
      if (visible) wake();
    },
    dots,
    get frameCount() {
      return frameCount;
    },
    stop() {
      forget();
      rest();
    },
  };
}
