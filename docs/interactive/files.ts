// Files that a reader opens or drops on an instrument. They are read in the page and go nowhere else.
import type { Frame } from './frame';

const largest = 2 ** 27; // bytes, unpacked; a telephone must hold it a few times

/// A button that opens files; `take` gets those chosen, and those dropped on the instrument.
export function files(frame: Frame, label: string, take: (chosen: File[]) => Promise<void>): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  const button = frame.button(label, () => input.click());
  const taken = (list: FileList | null) => {
    const chosen = [...(list ?? [])];
    if (chosen.length) take(chosen).catch((error) => frame.fault(error));
  };
  input.addEventListener('change', () => {
    taken(input.files);
    input.value = ''; // the same file may be chosen again
  });
  const box = button.closest<HTMLElement>('.bench')!;
  const over = (on: boolean) => (event: DragEvent) => {
    event.preventDefault();
    box.classList.toggle('over', on);
  };
  box.addEventListener('dragover', over(true));
  box.addEventListener('dragleave', over(false));
  box.addEventListener('drop', (event) => {
    over(false)(event);
    taken(event.dataTransfer?.files ?? null);
  });
}

/// What is in it, unpacked if it is gzip.
export async function bytesOf(file: File): Promise<Uint8Array> {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = start[0] === 0x1f && start[1] === 0x8b;
  const reader = (packed ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream()).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Error(`${file.name}: wanted a whole ${packed ? 'gzip stream, found a damaged or truncated one' : 'file, found one that cannot be read'}`);
    });
    if (done) break;
    parts.push(value);
    size += value.length;
    if (size > largest) {
      await reader.cancel();
      throw new Error(`${file.name}: wanted at most ${largest >> 20} MiB${packed ? ' unpacked' : ''}, found more`);
    }
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
