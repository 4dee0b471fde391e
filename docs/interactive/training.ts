import type { Frame } from './frame';

export default async function training(frame: Frame): Promise<void> {
  await frame.draws(async () => {});
}
