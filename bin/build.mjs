// @ts-check
/** `npm run build`: what `npm start` builds, without serving it. */
import "./need-node.mjs";
import { ensureBuild } from "./ensure-build.mjs";
import { ensurePackages } from "./ensure-packages.mjs";

const packages = await ensurePackages();
const build = packages.ok ? await ensureBuild() : packages;
if (!build.ok) {
  console.error(`\n${build.reason}`);
  process.exit(1);
}
if ("isFresh" in build && build.isFresh) console.log("The build is that of the present sources.");
