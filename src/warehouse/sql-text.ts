/** What the text of a script says before any engine has read it. */
export interface SqlText {
  /** The first word, in capitals; empty if there is nothing but comments. */
  readonly keyword: string;
  /** The script without its closing semicolon and what follows that; leading comments stay, so lines keep their numbers. */
  readonly body: string;
  /** Whether anything stands behind the first semicolon. */
  readonly several: boolean;
}

/** Comments, quoted names and strings (DuckDB's dollar quotes too), semicolons, space, words, anything else. */
const TOKEN = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`[^`]*`?|(\$\w*\$)[\s\S]*?(?:\1|$)|;|\s+|\w+|[^\s\w]/gy;
const IGNORED = /^(?:--|\/\*|\s)/;

/** Finds the first word of a script and the end of its first statement, not deceived by comments and strings. */
export function readSql(sql: string): SqlText {
  let keyword = '';
  let end = 0;
  let closed = false;
  for (const match of sql.matchAll(TOKEN)) {
    const token = match[0];
    if (IGNORED.test(token)) continue;
    if (token === ';') {
      closed = true;
      continue;
    }
    if (closed) return { keyword, body: sql.slice(0, end), several: true };
    if (keyword === '') keyword = token.toUpperCase();
    end = match.index + token.length;
  }
  return { keyword, body: sql.slice(0, end), several: false };
}
