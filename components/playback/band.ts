/** A stretch of virtual time with a name, such as a phase of the load. */
export interface Band {
  readonly fromUs: number;
  readonly toUs: number;
  readonly label: string;
}
