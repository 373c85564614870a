import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { runJob, temporaryFolder } from '../../support/job.ts';
import { KILLED, NIGHT, recordedProject } from '../recorded.ts';

/** Debian's Chromium, or another one that is named. */
const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const isThere = existsSync(CHROMIUM);
if (!isThere) process.stderr.write(`Pages are not looked at in a browser: there is no ${CHROMIUM}, and CHROMIUM_PATH names no other.\n`);

test('a browser is there where one is required', () => {
  expect(isThere || process.env['NIGHTSHIFT_REQUIRE_BROWSER'] !== '1').toBe(true);
});

// A newcomer's machine need not have a browser; where NIGHTSHIFT_REQUIRE_BROWSER is set, as in CI, the test above fails without one.
const inBrowser = isThere ? describe : describe.skip;

inBrowser('in a browser', () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = temporaryFolder('pages');
    recordedProject(folder).registry.close();
    expect((await runJob(['report', '--project', folder])).code).toBe(0);
    const { chromium } = await import('playwright-core');
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  });

  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const files = { index: 'logs/report.html', night: `models/${NIGHT}/report.html`, killed: join('data', 'work', KILLED, 'report.html') } as const;

  async function withPage<T>(name: keyof typeof files, options: BrowserContextOptions, act: (page: Page, asked: readonly string[]) => Promise<T>): Promise<T> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    try {
      await page.goto(pathToFileURL(join(folder, files[name])).href);
      return await act(page, asked);
    } finally {
      await context.close();
    }
  }

  test.each([['night', 'light'], ['night', 'dark'], ['index', 'dark'], ['killed', 'light']] as const)('%s in %s has nothing that axe calls serious or critical', async (name, colorScheme) => {
    await withPage(name, { colorScheme, bypassCSP: true }, async (page) => {
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> } };
        return (await checker.run()).violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes[0]?.html.slice(0, 200) }));
      });
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    });
  });

  test.each(['index', 'night', 'killed'] as const)('%s fits a phone: nothing scrolls sideways but tables in their own boxes', async (name) => {
    await withPage(name, { viewport: { width: 390, height: 844 } }, async (page) => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    });
  });

  test('the keyboard reaches the content, and opens the numbers of a chart', async () => {
    await withPage('night', {}, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      const summary = page.locator('figure summary').first();
      await summary.focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('figure details').first().getAttribute('open')).not.toBeNull();
      expect(await page.locator('figure table').first().isVisible()).toBe(true);
    });
  });

  test('opens within a second and asks for nothing but itself, whatever names the data has', async () => {
    await withPage('night', {}, async (page, asked) => {
      expect(asked.filter((url) => url !== page.url() && !url.startsWith('data:'))).toEqual([]);
      expect(await page.evaluate('document.querySelectorAll("script, img").length')).toBe(0);
      const taken: number[] = [];
      for (let i = 0; i < 3; i++) {
        taken.push(Number(await page.evaluate('performance.timing.loadEventEnd - performance.timing.navigationStart')));
        await page.reload();
      }
      // The quickest: whatever else the machine has to do is not the page's.
      expect(Math.min(...taken)).toBeLessThan(1_000);
    });
  });

  test('is dark ink on white paper when printed, also by somebody who reads in the dark', async () => {
    await withPage('night', { colorScheme: 'dark' }, async (page) => {
      const paper = 'getComputedStyle(document.body).backgroundColor';
      expect(await page.evaluate(paper)).toBe('rgb(20, 23, 26)');
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate(paper)).toBe('rgb(255, 255, 255)');
    });
  });
});
