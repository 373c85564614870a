import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from '@jest/globals';
import { Console, count } from '../../src/cli/console.ts';

interface Screen {
  readonly stream: NodeJS.WriteStream;
  readonly text: () => string;
}

function screen(isTTY: boolean): Screen {
  const through = new PassThrough();
  const stream = Object.assign(through, { isTTY, columns: 80 }) as unknown as NodeJS.WriteStream;
  return { stream, text: () => String(through.read() ?? '') };
}

const before = process.env['NO_COLOR'];
afterEach(() => {
  if (before === undefined) delete process.env['NO_COLOR'];
  else process.env['NO_COLOR'] = before;
});

test('off a terminal there are plain lines: no colours, no moving cursor, progress now and then', () => {
  const { stream, text } = screen(false);
  let now = 0;
  const console = new Console({ quiet: false, stream, now: () => now });
  console.progress('one');
  now = 11_000;
  console.progress('two');
  console.progress('three');
  console.line(console.green('done'));
  expect(text()).toBe('  two\ndone\n');
});

test('on a terminal progress is one moving line, and a line that stays takes its place', () => {
  delete process.env['NO_COLOR'];
  const { stream, text } = screen(true);
  const console = new Console({ quiet: false, stream });
  console.progress('training');
  console.line(console.green('done'));
  const clear = '\r\u001b[2K';
  expect(text()).toBe(`${clear}  \u001b[2mtraining\u001b[0m${clear}\u001b[32mdone\u001b[0m\n`);
});

test('NO_COLOR is respected', () => {
  process.env['NO_COLOR'] = '1';
  const { stream } = screen(true);
  expect(new Console({ quiet: false, stream }).red('failed')).toBe('failed');
});

test('quiet says nothing but what needs a person', () => {
  const { stream, text } = screen(false);
  const console = new Console({ quiet: true, stream });
  console.line('step');
  console.progress('training');
  console.entry({ event: 'a test', status: 'warn', message: 'odd' });
  console.always('Failed');
  expect(text()).toBe('Failed\n');
});

test('of a log only what is worth a line is shown, with a mark for how it went', () => {
  const { stream, text } = screen(false);
  const console = new Console({ quiet: false, stream });
  console.entry({ event: 'rows.sql', rows: 10 });
  console.entry({ event: 'sample flights', rows: 378_084, message: 'flights.db', show: true });
  console.entry({ event: 'test.sql', status: 'failed', message: 'two rows' });
  expect(text()).toBe('    ✓ sample flights: 378,084 rows flights.db\n    ✗ two rows\n');
});

test('thousands stand apart in the same way everywhere', () => {
  expect([0, 999, 1000, 1234567, -45678].map(count)).toEqual(['0', '999', '1,000', '1,234,567', '-45,678']);
});
