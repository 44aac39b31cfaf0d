import { expect, it } from 'vitest';
import { chooseLocale } from '../../i18n/locale.ts';

it('takes the cookie, then the most wanted language that the panel speaks', () => {
  expect(chooseLocale('zh', 'en')).toBe('zh');
  expect(chooseLocale('xx', 'zh-CN,zh;q=0.9,en;q=0.8')).toBe('zh');
  expect(chooseLocale(undefined, 'de-DE,de;q=0.9,en;q=0.5,zh;q=0.4')).toBe('en');
  expect(chooseLocale(undefined, 'en;q=0.3,zh-TW;q=0.7')).toBe('zh');
  expect(chooseLocale(undefined, 'zh;q=0')).toBe('en');
  expect(chooseLocale(undefined, null)).toBe('en');
});
