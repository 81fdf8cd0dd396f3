/**
 * The few functions whose last bits the language leaves to each engine, computed here from
 * + − × ÷ and integer operations alone, so that every engine gives the same bits. Rule N2.
 *
 * Method of fdlibm (Sun Microsystems, 1993): reduce the argument to a small interval, evaluate a
 * minimax polynomial there, put the exponent back. Error below 1 unit in the last place.
 */

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const LOG2_E = 1.442695040888963387;
const SQRT_HALF = 0.7071067811865476;

const buffer = new DataView(new ArrayBuffer(8));

/** Natural logarithm. NaN below 0, −Infinity at 0. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return Infinity;
  const [fraction, exponent] = split(x);
  // fraction in [0.5, 1): move it to [√½, √2) so that f = m − 1 is small.
  const small = fraction < SQRT_HALF;
  const m = small ? fraction * 2 : fraction;
  const k = small ? exponent - 1 : exponent;
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332));
  const even =
    z *
    (0.666666666666673513 +
      w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + odd + even) + k * LN2_LOW) - f);
}

/** e to the power x. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019411) return 0;
  const k = Math.round(x * LOG2_E);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 +
                t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  return scale(y, k);
}

/**
 * base to the power exponent. Whole exponents up to 1,024 are multiplied out (so 2 to the 10 is
 * exactly 1,024); others go through `exp` and `ln`, good to about 15 digits.
 */
export function power(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  if (Number.isInteger(exponent) && Math.abs(exponent) <= 1024) {
    const whole = wholePower(base, Math.abs(exponent));
    return exponent < 0 ? 1 / whole : whole;
  }
  if (exponent === 0.5) return Math.sqrt(base);
  if (base < 0) return Number.isInteger(exponent) ? signed(base, exponent) : Number.NaN;
  return exp(exponent * ln(base));
}

function signed(base: number, exponent: number): number {
  const size = exp(exponent * ln(-base));
  return exponent % 2 === 0 ? size : -size;
}

function wholePower(base: number, exponent: number): number {
  let result = 1;
  let factor = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= factor;
    factor *= factor;
  }
  return result;
}

/** x = fraction × 2^exponent with fraction in [0.5, 1). */
function split(x: number): [number, number] {
  // Subnormal numbers have no leading one to find: lift them first.
  if (x < 2.2250738585072014e-308) {
    const [fraction, exponent] = split(x * 2 ** 54);
    return [fraction, exponent - 54];
  }
  buffer.setFloat64(0, x);
  const head = buffer.getUint32(0);
  const exponent = ((head >>> 20) & 0x7ff) - 1022;
  buffer.setUint32(0, (head & 0x800fffff) | 0x3fe00000);
  return [buffer.getFloat64(0), exponent];
}

/** y × 2^k without overflow on the way. */
function scale(y: number, k: number): number {
  const half = Math.trunc(k / 2);
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

function powerOfTwo(k: number): number {
  buffer.setUint32(0, (k + 1023) << 20);
  buffer.setUint32(4, 0);
  return buffer.getFloat64(0);
}
