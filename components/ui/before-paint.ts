/**
 * Runs in the page's head before anything is painted: takes the reader's theme and splits from
 * storage, so that neither flashes nor jumps. It writes what `showTheme` and `SplitHandle` write;
 * tests/components/before-paint.test.ts holds them together. Plain ES5 in one line each; without
 * storage, or without scripts, the page keeps the device's theme and the default splits.
 */
export const BEFORE_PAINT = [
  "(function(d,s){try{",
  "s=localStorage;",
  "var t=JSON.parse(s.getItem('steady-state:theme'));",
  "if(t==='light'||t==='dark')d.dataset.theme=t;",
  "var p=JSON.parse(s.getItem('steady-state:splits'))||{};",
  "for(var k in p)if(/^[a-z-]+$/.test(k)&&typeof p[k]==='number')",
  "d.style.setProperty('--split-'+k,p[k]+'%');",
  "}catch(e){}})(document.documentElement)",
].join("");
