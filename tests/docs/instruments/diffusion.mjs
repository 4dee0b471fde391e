// Chapter 10's diffusion.
export const page = '10_diffusion.html';

// The way down is + - * and sqrt on the library's random numbers, whose logarithms and cosines are rounded
// to floats: the same bits.
const same = (line) => ({ line, relative: 0 });
// The network's products of floats are rounded once natively (fused) and twice in the browser: a
// relative 1e-7 each, which layers and steps multiply.
const floats = (line, absolute) => ({ line, relative: 1e-6, absolute });

export const calls = [
  same('diffusion_forward 0 0'), same('diffusion_forward 1 1'), same('diffusion_forward 2 0'), 'diffusion_schedule 0 0', 'diffusion_schedule 0 1',
  floats('diffusion_reverse 0 0', 1e-5), floats('diffusion_judge 0 0', 1e-6), same('diffusion_train 0 0 40'), floats('diffusion_judge 0 0', 1e-5),
  floats('diffusion_reverse 0 0', 1e-3), same('diffusion_train 0 0 100'), same('diffusion_steps 0 0'), same('diffusion_forget 0 0'), floats('diffusion_judge 0 0', 1e-6),
];

export const refused = {
  'diffusion_forward 3 0': 'shape from 0 to 2, found 3',
  'diffusion_train 0 0 0': 'steps from 1 to 10000, found 0',
  'diffusion_judge 0': '2 numbers, found 1',
};

export async function use({ tab, box, reading, press, settle, fault }) {
  const elbo = () => reading('ELBO, nats a point'), ceiling = await reading('true log p(x)');
  const time = box.getByLabel('t, layers of noise', { exact: true });
  const canvas = (which) => box.locator('canvas').nth(which).evaluate((one) => one.toDataURL());
  await time.fill('0');
  await press('Start anew');
  const before = await elbo(), [data, noise] = [await canvas(0), await canvas(1)];
  if (!(before < ceiling - 1)) fault(`an untrained network has ${before} nats, the truth ${ceiling}`);

  // Training: the bound rises, stays below the truth (but for the error of few test points), and the samples move.
  await box.getByRole('button', { name: 'Train the denoiser' }).click();
  const start = Date.now();
  for (; (await reading('training steps')) < 6000 && Date.now() - start < 60000;) await tab.waitForTimeout(100);
  await settle();
  console.log(`diffusion: trained after ${((Date.now() - start) / 1000).toFixed(1)} s`);
  const after = await elbo();
  if (!(after > ceiling - 0.5 && after < ceiling + 0.1)) fault(`a trained network has ${after} nats, the truth ${ceiling}`);
  if ((await canvas(1)) === noise) fault('training leaves the samples as they were');
  if ((await canvas(0)) !== data) fault('training moves the data');
  if (!(await box.getByRole('button', { name: 'Train the denoiser' }).isDisabled())) fault('trained to the end, it can be trained again');

  // In the middle both look different, and half of the signal is gone.
  await time.fill('50');
  await settle();
  if ((await canvas(0)) === data) fault('t moves nothing');
  const log = await reading('log SNR'), share = await reading('ᾱ, share of the data');
  if (Math.abs(log - Math.log(share / (1 - share))) > 1e-6) fault(`log SNR ${log}, share ${share}`);

  const play = box.getByRole('button', { name: 'Play: walk back' });
  if (await play.count()) {
    await time.fill('10');
    await play.click();
    for (let i = 0; i < 100 && (await time.inputValue()) !== '0'; i += 1) await tab.waitForTimeout(50);
    if ((await time.inputValue()) !== '0') fault('nothing plays');
  }
  await time.fill('4');
  await settle();
}
