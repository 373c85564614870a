/** A name as it is shown: nobody reads one of two hundred letters. */
export function shortened(name: string): string {
  return name.length > 60 ? `${name.slice(0, 57)}…` : name;
}
