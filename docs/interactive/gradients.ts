import type { Frame } from './frame';

export default async function gradients(frame: Frame): Promise<void> {
  await frame.draws(async () => {});
}
