/** What a page is called, wherever it is. */
export const PAGE_FILE = 'report.html';

/** Where the index over all runs is, among the links of a page. */
export const INDEX = 'index';
