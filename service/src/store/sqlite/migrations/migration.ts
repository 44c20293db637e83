/** One step of the schema; never edited once released, since its checksum is recorded in every database. */
export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
