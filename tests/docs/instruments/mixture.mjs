// Chapter 6's EM on a mixture.
export const slow = true;
export const page = '06_em.html';

const far = '-2 -1 -2.5 -0.5 -1.7 -1.2 2 1 2.5 0.5 1.7 1.3';
// A path of sixty turns goes through exp and log in every one of them, and their last bits differ. EM
// contracts towards its end, so that little is left of that.
export const calls = [
  ...[0, 1, 2, 3, 4].map((set) => `mixture_points ${set}`),
  `mixture_path 2 0 1 0 ${far}`, `mixture_path 3 1 2 0.01 ${far}`, `mixture_path 4 2 1 0 ${far}`, 'mixture_path 3 0 1 0', 'mixture_path 3 1 5 0 1 1',
  `mixture_e_step 2 0.5 -1 0 1 0.2 1 0.5 1 0 1 0 1 ${far}`,
];

export const refused = {
  'mixture_path 3 0 1 0 1 2 3': 'wanted x and y of at most 2000 points, found 3 numbers',
  'mixture_path 5 0 1 0 1 2': 'components from 2 to 4, found 5',
  'mixture_path 3 0 1 -1 1 2': 'ridge from 0 to 1, found -1',
  'mixture_path 3 0 1 0 nan 2': 'coordinate from -10 to 10, found nan',
  'mixture_e_step 2 1 2 3': 'wanted 6 numbers a component, found 3',
  'mixture_e_step 2 0.5 0 0 1 2 1 0.5 0 0 1 0 1 1 1': 'positive definite',
  'mixture_e_step 2 0 0 0 1 0 1 0.5 0 0 1 0 1 1 1': 'positive weights',
};

export async function use({ tab, box, reading, press, settle, again, fault }) {
  const likelihood = () => reading('log-likelihood, nats'), bound = () => reading('ELBO, nats'), gap = () => reading('gap = KL(q‖posterior)');
  const words = () => box.locator('.words').innerText();
  const said = async (what) => (await words()).includes(what) || fault(`wanted '${what}', it says '${await words()}'`);
  const choose = async (label, value) => {
    await box.getByLabel(label, { exact: true }).selectOption(value);
    await settle();
  };

  await box.getByLabel('components', { exact: true }).fill('3');

  // From the guess on: an E-step lifts the ELBO until it touches, an M-step lifts both and parts them.
  await press('Back to the guess');
  await press('M-step');
  await said('begin with an E-step');
  let before = -Infinity;
  for (let turn = 0; turn < 3; turn += 1) {
    const ceiling = await likelihood();
    await press('E-step');
    if ((await likelihood()) !== ceiling) fault('an E-step moves the likelihood');
    if (Math.abs((await likelihood()) - (await bound())) > 1e-6 || (await gap()) > 1e-6) fault('an E-step leaves a gap');
    const touched = await bound();
    if (!(touched >= before)) fault('the ELBO falls in an E-step');
    await press('E-step');
    await said('touches already');
    await press('M-step');
    before = await bound();
    if (!(before >= touched)) fault('the ELBO falls in an M-step');
    if (Math.abs((await likelihood()) - before - (await gap())) > 1e-6) fault('the gap is not the KL');
    if (!((await gap()) > 0.1)) fault('an M-step opens no gap');
  }

  // To the end, where the chapter's own run ends: the same points from the same guess.
  await press('Run');
  for (let i = 0; i < 300 && !(await words()).includes('Neither half'); i += 1) await tab.waitForTimeout(100);
  await box.getByRole('button', { name: 'Run', exact: true }).waitFor();
  if (Math.abs((await likelihood()) - -1908.6) > 0.1) fault(`EM ends at ${await likelihood()}`);

  // A point by pointer, one by the keyboard, both removed.
  const plane = box.locator('canvas'), points = () => reading('points');
  await plane.click({ position: { x: 30, y: 30 } });
  await settle();
  if ((await points()) !== 601) fault(`a click makes ${await points()} points of 600`);
  await plane.focus();
  for (const key of ['ArrowRight', 'ArrowUp', 'Enter']) await tab.keyboard.press(key);
  await settle();
  if ((await points()) !== 602) fault(`Enter makes ${await points()} points of 601`);
  await said('A point at 0.1, 0.1');
  const placed = await likelihood();
  await again();
  if ((await points()) !== 602 || (await likelihood()) !== placed) fault(`the address leads to ${await points()} points, not 602`);
  await press('Remove your last point');
  await press('Remove your last point');
  if ((await points()) !== 600) fault('what was placed stays');

  // Guesses that are all the same never part.
  await choose('first guess', 'same');
  if ((await gap()) > 1e-9) fault('identical components come apart');
  await choose('first guess', 'middle');

  // No points, too few, and a component that shrinks to nothing.
  await choose('points', 'own');
  await said('No points yet');
  await press('E-step');
  await plane.click({ position: { x: 100, y: 100 } });
  await settle();
  await said('Fewer points (1) than components (3)');
  await press('Remove your last point');
  await choose('points', 'few');
  await choose('first guess', 'drawn');
  for (let i = 0; i < 20; i += 1) await press(i % 2 ? 'M-step' : 'E-step');
  await said('a component has shrunk');
  await choose('first guess', 'middle');
  await choose('points', 'moons');
}
