/** The package ships its types for CommonJS alone; these are the functions used here. */
declare module 'cephes' {
  /** Settles once the WebAssembly module is ready; no function may be called before. */
  export const compiled: Promise<void>;
  /** ln |Γ(x)|. */
  export function lgam(x: number): number;
  /** Standard normal distribution function. */
  export function ndtr(x: number): number;
  /** Inverse of `ndtr`. */
  export function ndtri(p: number): number;
  /** Regularised incomplete beta function I_x(a, b). */
  export function incbet(a: number, b: number, x: number): number;
  /** The x at which the regularised incomplete beta function I_x(a, b) is p. */
  export function incbi(a: number, b: number, p: number): number;
  /** The x at which the complemented incomplete gamma function Q(a, x) is p. */
  export function igami(a: number, p: number): number;
}
