import { expect, it } from 'vitest';
import { fitPicture } from './fit-picture.ts';
import type { ServerFit } from './models-data.ts';

const serverFit = (more: Partial<ServerFit>): ServerFit => ({
  server: 's', fits: true, cards: Array.from({ length: 8 }, () => ({ name: 'H100', gb: 80 })), haveGb: 640, needGb: 640, marginGb: 0, instanceGb: 320, tensorParallel: 4, pipelineParallel: 1, instances: 2, idleGpus: 0,
  ramNeededGb: 960, args: [], reasons: [], ...more,
});

it('two instances on eight cards: each need fills its four cards', () => {
  const picture = fitPicture(serverFit({}));
  expect(picture.scaleGb).toBe(640);
  expect(picture.cards.map(({ x, width, idle }) => [x, width, idle])).toEqual(Array.from({ length: 8 }, (_, i) => [i * 12.5, 12.5, false]));
  expect(picture.instances).toEqual([{ x: 0, width: 50 }, { x: 50, width: 50 }]);
  expect(picture.needs).toEqual(picture.instances);
  expect(picture.missing).toBeUndefined();
});

it('cards beyond the last instance are idle, and a smaller need leaves room in its cards', () => {
  const picture = fitPicture(serverFit({ instances: 1, idleGpus: 4, instanceGb: 160 }));
  expect(picture.cards.filter(({ idle }) => idle)).toHaveLength(4);
  expect(picture.needs).toEqual([{ x: 0, width: 25 }]);
});

it('too small: the need goes beyond the cards, and what is missing stands beside them', () => {
  const picture = fitPicture(serverFit({ fits: false, cards: [{ name: 'H100', gb: 80 }], haveGb: 80, needGb: 640, instances: 0 }));
  expect(picture.scaleGb).toBe(640);
  expect(picture.needs).toEqual([{ x: 0, width: 12.5 }]);
  expect(picture.missing).toEqual({ x: 12.5, width: 87.5 });
  expect(picture.instances).toEqual([]);
});

it('no card, or a need that nobody states: nothing divides by zero', () => {
  expect(fitPicture(serverFit({ fits: false, cards: [], haveGb: 0, needGb: 0, instanceGb: 0, instances: 0 }))).toEqual({ scaleGb: 1, cards: [], instances: [], needs: [] });
  expect(fitPicture(serverFit({ fits: false, cards: [], haveGb: 0, needGb: 80, instanceGb: 80, instances: 0 })).missing).toEqual({ x: 0, width: 100 });
});

it('upstream’s configuration for less than is stated stays inside its cards', () => {
  expect(fitPicture(serverFit({ instanceGb: 400 })).needs).toEqual([{ x: 0, width: 50 }, { x: 50, width: 50 }]);
});
