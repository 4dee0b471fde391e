// Chapter 3's estimates of one slope.
export const page = '03_reparameterization.html';

// Sums, products, quotients and roots of the library's normals: the same bits everywhere. The order
// matters too, for what is kept from one question may not change the next answer.
export const calls = [
  'gradients 1 10 1 3', 'gradients 1 10 1 4', 'gradients 1 10 1 2', 'gradients 7 100 3 2', 'gradients 1 1 50 1', 'gradients 1e9 3 2 100',
  'gradients_histograms 1 10 1 3', 'gradients_histograms 2 100 50 1', 'gradients_histograms 1 1 1 1',
].map((line) => ({ line, relative: 0 }));

export const refused = {
  'gradients 1 0 1 1': 'dimension from 1 to 100, found 0',
  'gradients 1 10 1 101': 'lots of a hundred from 1 to 100, found 101',
  'gradients 1 2.5 1 1': 'a whole number',
  'gradients nan 10 1 1': 'seed from 0 to 1e+09, found nan',
  'gradients_histograms 1 10 1': '4 numbers, found 3',
};

export async function use({ tab, box, reading, press, settle, fault }) {
  await press('Reset');
  const first = [await reading('estimates of each'), await reading('score: mean')];
  await press('Draw 100 more');
  const count = await reading('estimates of each');
  if (count !== first[0] + 100) fault(`a hundred more than ${first[0]} are ${count}`);
  if ((await reading('score: mean')) === first[1]) fault('a hundred more change no mean');

  // It goes on by itself until it is stopped, or all at once where nothing may move.
  const still = await tab.evaluate(() => matchMedia('(prefers-reduced-motion: reduce)').matches);
  if (still) await press('Draw 2000 more');
  else {
    await box.getByRole('button', { name: 'Keep drawing', exact: true }).click();
    await tab.waitForTimeout(1500);
    await box.getByRole('button', { name: 'Stop', exact: true }).click();
    await settle();
  }
  const many = await reading('estimates of each');
  if (!(many >= count + 300)) fault(`after drawing for a while there are only ${many}`);
  await tab.waitForTimeout(300);
  if ((await reading('estimates of each')) !== many) fault('it draws on after it was stopped');

  // Right on average, each within five standard errors, and calmest by the path.
  for (const road of ['score', 'baseline', 'path']) {
    const error = (await reading(`${road}: s.d.`)) / Math.sqrt(many), mean = await reading(`${road}: mean`);
    if (!(Math.abs(mean - (await reading('the truth'))) < 5 * error)) fault(`${road}: mean ${mean} with a standard error of ${error}`);
  }
  const [measured, formula] = [await reading('Var score / path'), await reading('by the formula')];
  if (!(measured > 0.6 * formula && measured < 1.6 * formula)) fault(`the ratio of variances is ${measured}, by the formula ${formula}`);

  // The same seed, the same numbers.
  await press('Reset');
  if ((await reading('score: mean')) !== first[1]) fault('the same seed gives other numbers after Reset');
  await press('Draw 100 more');
}
