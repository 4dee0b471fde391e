// Chapter 1's explorer.
export const page = '01_entropy_kl.html';

export const calls = [
  'kl_normals -1 0.7 0.5 1', 'kl_normals 0 1 0 1', 'kl_normals -5 0.1 5 5', 'kl_normals_fits -1 0.7 0.5 1', 'kl_normals_curves -1 0.7 0.5 1',
  'kl_humps 0.4 -1.8 0.6 1.6 0.5 0.5 1', 'kl_humps_curves 0.4 -1.8 0.6 1.6 0.5 0.5 1', 'kl_humps_fits 0.4 -1.8 0.6 1.6 0.5 1 1',
];

export const refused = {
  'kl_normals 0 0 1 2': "p's scale from 0.1 to 5, found 0",
  'kl_normals 0 1 nan 2': "q's mean from -5 to 5, found nan",
  'kl_normals 0 1 1': '4 numbers, found 3',
  'kl_humps 1 -1.8 0.6 1.6 0.5 0.5 1': 'weight from 0.01 to 0.99, found 1',
};

export async function use({ box, reading, press, drag, fault }) {
  // Each direction prefers another fit, and says so: the figure's two curves.
  await press('Fit q: least KL(q‖p)');
  const seeking = await reading('KL(q‖p), nats');
  await press('Fit q: least KL(p‖q)');
  const covering = await reading('KL(q‖p), nats');
  if (!(seeking < covering)) fault(`the fit for KL(q‖p) has ${seeking}, that for the other direction ${covering}`);

  // The handle on q, pulled to the left.
  const before = await reading('entropy H(q)');
  await drag(box.locator('.picture'), [1 / 2, 1 / 2], [1 / 3, 0.4]);
  if ((await reading('entropy H(q)')) === before) fault('dragging moves nothing');
}
