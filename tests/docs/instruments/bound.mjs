// Chapter 2's bound.
export const page = '02_jensen_elbo.html';

export const calls = [
  'bound 1.5 0.8 1.2 0.2 0.25', 'bound 0 0.8 1.2 0 1', 'bound -5 0.1 10 -10 10', 'bound_curves 1.5 0.8 1.2 0.2 0.25',
  'bound_ascend 1.5 0.8 1.2 0.2 0.25 1', 'bound_ascend 3 0.4 -3 4 2 5', 'bound_ascend 3 0.4 -3 -4 0.05 5', 'bound_ascend 5 0.1 10 -10 10 20',
];

export const refused = {
  'bound 1.5 0 1.2 0.2 0.25': 'noise from 0.1 to 5, found 0',
  'bound 1.5 0.8 1.2 0.2 -1': "q's scale from 0.02 to 10, found -1",
  'bound_ascend 1.5 0.8 1.2 0.2 0.25': '6 numbers, found 5',
  'bound_ascend 1.5 0.8 1.2 0.2 0.25 1e6': 'steps from 1 to 1000',
};

const near = (a, b) => Math.abs(a - b) < 1e-9;

export async function use({ tab, box, reading, press, settle, drag, fault }) {
  await press('Reset');
  const numbers = async () => {
    const found = {};
    for (const [key, what] of Object.entries({ evidence: 'log p(x), nats', elbo: 'ELBO', gap: 'KL(q‖posterior)',
      reconstruction: 'reconstruction', prior: 'KL(q‖prior)' })) found[key] = await reading(what);
    if (!near(found.evidence, found.elbo + found.gap)) fault(`log p(x) = ${found.evidence} is not ${found.elbo} + ${found.gap}`);
    if (!near(found.elbo, found.reconstruction - found.prior)) fault(`the ELBO ${found.elbo} is not ${found.reconstruction} - ${found.prior}`);
    return found;
  };
  const before = await numbers();
  if (!(before.gap > 0.1)) fault(`the first guess leaves a gap of only ${before.gap}`);

  // Up to the posterior; stopped on the way, if it takes its time.
  const resting = () => box.getByRole('button', { name: 'Ascend', exact: true }).waitFor({ timeout: 20000 });
  const still = await tab.evaluate(() => matchMedia('(prefers-reduced-motion: reduce)').matches);
  if (!still) {
    await box.getByRole('button', { name: 'Ascend', exact: true }).click();
    await tab.waitForTimeout(300);
    await box.getByRole('button', { name: 'Stop', exact: true }).click();
    await resting();
    await settle();
    const between = await numbers();
    if (!(between.gap < before.gap && between.gap > 1e-4)) fault(`stopped on the way, the gap is ${between.gap} after ${before.gap}`);
  }
  await box.getByRole('button', { name: 'Ascend', exact: true }).click();
  await resting();
  await settle();
  const after = await numbers();
  if (!(after.gap < 1e-6)) fault(`at the top the gap is still ${after.gap}`);
  if (!near(after.evidence, before.evidence)) fault(`climbing has moved log p(x) from ${before.evidence} to ${after.evidence}`);

  // The handle on q, pulled to the left.
  await drag(box.locator('.picture').nth(1), [1 / 2, 1 / 2], [1 / 3, 0.4]);
  if (!((await numbers()).gap > after.gap + 0.1)) fault('dragging q away opens no gap');
}
